/* Photos in the editor. In the text a photo is a paragraph "[[photo:12]]"; here it is shown as a
   picture with its caption. The picker is a window of the admin that calls newsroomInsertPhoto. */
(function () {
  'use strict';

  var TOKEN = /^\s*\[\[photo:([1-9][0-9]{0,9})\]\]\s*$/;
  var known = {};

  /* What the page knows of the photos that stand in the text already. */
  var listed = document.getElementById('known-photos');
  if (listed) {
    JSON.parse(listed.textContent).forEach(function (photo) { known[photo.id] = photo; });
  }

  function pickerAddress(editor) {
    var address = editor.config.newsphotoUrl;
    var mark = address.indexOf('?') < 0 ? '?' : '&';
    return address + mark + '_popup=1&editor=' + encodeURIComponent(editor.name);
  }

  function openPicker(editor) {
    var picker = window.open(pickerAddress(editor), 'newsphoto',
      'width=940,height=720,resizable=yes,scrollbars=yes');
    if (picker) { picker.focus(); }
  }

  function onlyWords(element) {
    var words = '';
    element.forEach(function (node) {
      if (node.type === CKEDITOR.NODE_TEXT) { words += node.value; }
      else if (node.name && node.name !== 'br') { words += '<'; }
    }, null, true);
    return words;
  }

  function describe(id, config) {
    var photo = known[id] || {};
    var name = config.newsphotoName.replace('{id}', id);
    var caption = [photo.caption || photo.alt || name, photo.credit].filter(Boolean).join(' – ');
    return {
      thumb: photo.thumb || config.newsphotoThumbnail.replace('{id}', id),
      alt: photo.alt || name,
      caption: caption
    };
  }

  /* The text of a caption comes from people: the writer escapes attributes, but not text. */
  function show(element, id, config) {
    var photo = describe(id, config);
    var image = new CKEDITOR.htmlParser.element('img', {
      'class': 'newsphoto__img', src: photo.thumb, alt: photo.alt
    });
    var caption = new CKEDITOR.htmlParser.element('figcaption', { 'class': 'newsphoto__caption' });
    caption.add(new CKEDITOR.htmlParser.text(CKEDITOR.tools.htmlEncode(photo.caption)));
    element.name = 'figure';
    element.attributes = { 'class': 'newsphoto', 'data-photo': id };
    element.setHtml('');
    element.add(image);
    element.add(caption);
  }

  function nameFormats(editor) {
    var names = editor.config.newsphotoFormats || {};
    for (var tag in names) { editor.lang.format['tag_' + tag] = names[tag]; }
  }

  /* The textarea always holds what is in the editor, so a save in the background and the browser's
     own way back find it there. */
  function keepTextarea(editor) {
    var keep = CKEDITOR.tools.eventsBuffer(400, function () {
      if (!editor.element || editor.status !== 'ready') { return; }
      editor.updateElement();
      editor.element.$.dispatchEvent(new Event('input', { bubbles: true }));
    });
    editor.on('change', keep.input);
  }

  /* A form sent while the editor still loads sends the text as it was stored: photos that are not
     widgets yet would be sent as pictures. */
  function keepWhatWasStored(editor) {
    var stored = editor.element.getValue();
    editor.on('getData', function (event) {
      if (editor.status !== 'ready') { event.data.dataValue = stored; }
    }, null, null, 999);
  }

  /* Whoever has put in a photo goes on writing under it. */
  function moveBehindPhoto(editor) {
    var photo = editor.widgets.focused;
    if (!photo) { return; }
    var next = photo.wrapper.getNext();
    if (!next || !next.is || !next.is('p')) {
      next = editor.document.createElement('p');
      next.appendBogus();
      next.insertAfter(photo.wrapper);
    }
    var range = editor.createRange();
    range.moveToElementEditStart(next);
    range.select();
  }

  CKEDITOR.plugins.add('newsphoto', {
    requires: 'widget',

    beforeInit: nameFormats,

    init: function (editor) {
      editor.widgets.add('newsphoto', {
        pathName: editor.config.newsphotoLabel,
        inline: false,
        draggable: true,
        upcast: function (element, data) {
          var found = element.name === 'p' && TOKEN.exec(onlyWords(element));
          if (found) {
            data.id = found[1];
            show(element, data.id, editor.config);
            return true;
          }
          if (element.name === 'figure' && element.attributes['data-photo']) {
            data.id = element.attributes['data-photo'];
            return true;
          }
          return false;
        },
        downcast: function () {
          var paragraph = new CKEDITOR.htmlParser.element('p');
          paragraph.add(new CKEDITOR.htmlParser.text('[[photo:' + this.data.id + ']]'));
          return paragraph;
        }
      });
      editor.addCommand('newsphoto', { exec: openPicker, async: true, canUndo: false });
      editor.ui.addButton('NewsPhoto', {
        label: editor.config.newsphotoLabel,
        command: 'newsphoto'
      });
      keepTextarea(editor);
      keepWhatWasStored(editor);
    }
  });

  /* Called by the picker: photo is {id, alt, caption, credit, thumb}. */
  window.newsroomInsertPhoto = function (editorName, photo) {
    var editor = CKEDITOR.instances[editorName];
    var id = String(photo.id);
    if (!editor || !/^[1-9][0-9]{0,9}$/.test(id)) { return false; }
    known[id] = photo;
    editor.focus();
    editor.insertHtml('<p>[[photo:' + id + ']]</p>');
    moveBehindPhoto(editor);
    return true;
  };
})();
