/* The article form while somebody types: counters, the byline as printed, the hour in words,
   Ctrl+S, a warning before typed words are left behind, rest while it is saved. Without it every
   button works as well. */
(function () {
  'use strict';

  var form = document.getElementById('article-form');
  if (!form) { return; }

  /* Counters. Vietnamese counts syllables: "chữ". */
  function plain(html) {
    var box = document.createElement('template');
    box.innerHTML = html.replace(/\[\[photo:\d+\]\]/g, ' ').replace(/<\/(p|h\d|li)>|<br[^>]*>/g, '\n');
    return box.content.textContent;
  }

  function count(field, place) {
    var text = field.id === 'id_body' ? plain(field.value) : field.value;
    text = text.normalize('NFC').trim();
    var syllables = text ? text.split(/\s+/).length : 0;
    var parts = [syllables + ' ' + form.dataset.wordLabel];
    if (field.id !== 'id_body') {
      var most = text.length > (place.dataset.most || Infinity) ? '/' + place.dataset.most : '';
      parts.push(text.length + most + ' ' + form.dataset.charLabel);
    }
    place.textContent = parts.join(', ');
  }

  document.querySelectorAll('[data-count]').forEach(function (place) {
    var field = document.getElementById(place.dataset.count);
    field.addEventListener('input', function () { count(field, place); });
    count(field, place);
  });

  /* Text of the years before Unicode is named the moment it is pasted. */
  document.querySelectorAll('[data-encoding-of]').forEach(function (place) {
    var field = document.getElementById(place.dataset.encodingOf);

    function name(text) {
      var encoding = window.newsroomOldEncoding(text);
      place.textContent = encoding && form.dataset.encodingLabel.replace('{encoding}', encoding);
    }

    field.addEventListener('paste', function (event) {
      name(event.clipboardData.getData('text/plain'));
    });
    field.addEventListener('input', function () {
      if (place.textContent) { name(field.id === 'id_body' ? plain(field.value) : field.value); }
    });
    if (field.id === 'id_body' && window.CKEDITOR) {
      CKEDITOR.on('instanceReady', function (ready) {
        ready.editor.on('paste', function (event) { name(plain(event.data.dataValue)); });
      });
    }
  });

  /* Whoever leaves with typed words is asked. */
  var dirty = Boolean(document.querySelector('.notice--stop'));
  form.addEventListener('input', function () { dirty = true; });
  form.addEventListener('change', function () { dirty = true; });
  window.addEventListener('beforeunload', function (event) {
    if (dirty && !sending) { event.preventDefault(); }
    sending = false;
  });

  /* Until the answer is here nothing more can be typed, which would be lost with this page, and what
     is pressed twice is sent once. Escape gives up waiting, as for any page that loads. */
  var sending = false;  // the next one who leaves is the form itself
  function free() { form.inert = sending = false; }
  form.addEventListener('submit', function (event) {
    if (event.submitter && event.submitter.value === 'preview') { return; }
    if (form.inert) { event.preventDefault(); return; }
    form.inert = sending = true;
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || !form.inert) { return; }
    window.stop();
    free();
  });
  window.addEventListener('pageshow', free);

  document.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      save();
    }
  });

  function save() {
    var button = form.querySelector('[data-save]');
    if (button) { form.requestSubmit(button); }
  }

  if (window.CKEDITOR) {
    CKEDITOR.on('instanceReady', function (ready) {
      ready.editor.setKeystroke(CKEDITOR.CTRL + 83, 'desksave');
      ready.editor.addCommand('desksave', { exec: save, canUndo: false, async: true });
    });
  }

  /* A line of text is one line: Enter leads on. */
  ['id_headline', 'id_standfirst'].forEach(function (id) {
    document.getElementById(id).addEventListener('keydown', function (event) {
      if (event.key === 'Enter' && !event.isComposing) { event.preventDefault(); }
    });
  });

  /* The byline as it will be printed, and more rows. */
  var rows = document.querySelector('[data-rows]');
  var printed = document.querySelector('[data-byline]');
  var add = document.querySelector('[data-add-row]');

  function showByline() {
    var names = Array.from(rows.querySelectorAll('input[list]'), function (field) {
      return field.value.trim();
    });
    printed.textContent = names.filter(Boolean).join(' – ') || '–';
  }

  rows.addEventListener('input', showByline);
  showByline();
  add.hidden = false;
  add.addEventListener('click', function () {
    var total = document.getElementById('id_byline-TOTAL_FORMS');
    var number = Number(total.value);
    if (number >= 20) { return; }
    var row = rows.lastElementChild.cloneNode(true);
    row.querySelectorAll('.desk-error, .desk-check').forEach(function (old) { old.remove(); });
    row.querySelectorAll('[name]').forEach(function (field) {
      field.name = field.name.replace(/-\d+-/, '-' + number + '-');
      field.id = field.id.replace(/-\d+-/, '-' + number + '-');
      field.value = field.tagName === 'SELECT' ? 'text' : '';
    });
    rows.append(row);
    total.value = number + 1;
    row.querySelector('input').focus();
  });

  /* The lead photo: picked in a window, or dropped. */
  var lead = document.getElementById('id_photo');
  var shown = document.querySelector('[data-lead]');
  var pick = document.querySelector('[data-pick]');
  var drop = document.querySelector('[data-drop]');
  pick.hidden = false;
  drop.hidden = !lead.value;
  pick.addEventListener('click', function () {
    var picker = window.open(pick.dataset.pick + '?_popup=1', 'newsphoto',
      'width=940,height=720,resizable=yes,scrollbars=yes');
    if (picker) { picker.focus(); }
  });
  /* Words that came with a photo go with it; what somebody typed instead stays. */
  var given = {};
  var fields = ['alt', 'caption', 'credit'].map(function (name) {
    var field = document.getElementById('id_photo_' + name);
    given[name] = lead.value && !dirty ? field.value : '';
    return [name, field];
  });
  function describe(photo) {
    fields.forEach(function (one) {
      var name = one[0], field = one[1];
      if (field.value && field.value !== given[name]) { return; }
      field.value = given[name] = photo[name] || '';
    });
  }

  drop.addEventListener('click', function () {
    lead.value = '';
    describe({});
    shown.replaceChildren();
    drop.hidden = true;
    dirty = true;
  });
  window.newsroomLeadPhoto = function (photo) {
    var image = document.createElement('img');
    image.src = photo.thumb;
    image.alt = '';
    lead.value = photo.id;
    shown.replaceChildren(image);
    drop.hidden = false;
    dirty = true;
    describe(photo);
    return true;
  };

  /* The hour: what the button will do, in words. */
  var hour = document.getElementById('id_publish_time');
  var day = document.getElementById('id_publish_date');

  /* The picker of tags offers the places of that day first. */
  if (day && window.django && django.jQuery) {
    django.jQuery.ajaxPrefilter(function (options) {
      if (/(^|&)field_name=tags(&|$)/.test(options.data) && day.value.trim()) {
        options.data += '&typed=' + encodeURIComponent(day.value.trim());
      }
    });
  }

  var button = form.querySelector('button[value="schedule"]');
  if (!hour || !day || !button) { return; }
  var publish = form.querySelector('button[value="publish"]');
  var until = document.querySelector('[data-until]');
  var label = button.textContent;

  /* "Now" in Vietnam, whatever the clock of this machine is set to. */
  function nowInVietnam() {
    return new Date(new Date().toLocaleString('en-US', { timeZone: 'Asia/Ho_Chi_Minh' }));
  }

  /* The moment in what was typed; null when the server would not take it either. */
  function moment(clock, date) {
    clock = /^(\d{1,2})[:hg](\d{2})$/.exec(clock.trim());
    date = /^(\d{1,2})[\/.\-](\d{1,2})[\/.\-](\d{4}|\d{2})$/.exec(date.trim());
    if (!clock || !date || clock[1] > 23 || clock[2] > 59) { return null; }
    var year = date[3].length === 2 ? 2000 + Number(date[3]) : Number(date[3]);
    var at = new Date(year, date[2] - 1, date[1], clock[1], clock[2]);
    return at.getDate() === Number(date[1]) && at.getMonth() === date[2] - 1 ? at : null;
  }

  /* The hour an article already waits for is no choice made just now. */
  var waits = document.querySelector('[data-waiting]');
  waits = waits && moment.apply(null, waits.dataset.waiting.split(' '));

  function chosen() {
    var at = moment(hour.value, day.value);
    return at && waits && at.getTime() === waits.getTime() ? null : at;
  }

  function two(number) { return String(number).padStart(2, '0'); }

  function showMoment() {
    var at = chosen();
    var filled = Boolean(at);
    if (publish) {
      publish.classList.toggle('button--go', !filled && publish.dataset.filled === '1');
      button.classList.toggle('button--go', filled);
    }
    if (!at) {
      button.firstChild.textContent = label;
      until.textContent = '';
      return;
    }
    var weekday = form.dataset.weekdays.split('|')[at.getDay()];
    var words = two(at.getHours()) + ':' + two(at.getMinutes()) + ' ' + weekday + ' ' +
      at.getDate() + '/' + (at.getMonth() + 1) +
      (at.getFullYear() === nowInVietnam().getFullYear() ? '' : '/' + at.getFullYear());
    button.firstChild.textContent = form.dataset.scheduleLabel.replace('{moment}', words);
    var minutes = Math.round((at - nowInVietnam()) / 60000);
    until.textContent = minutes < 0 ? form.dataset.pastLabel :
      form.dataset.leftLabel.replace('{hours}', Math.floor(minutes / 60))
        .replace('{minutes}', minutes % 60);
  }

  if (publish) { publish.dataset.filled = publish.classList.contains('button--go') ? '1' : ''; }
  hour.addEventListener('input', showMoment);
  day.addEventListener('input', showMoment);
  showMoment();

  var quick = document.querySelector('[data-quick]');
  quick.hidden = false;
  quick.addEventListener('click', function (event) {
    var wanted = event.target.closest('button');
    if (!wanted) { return; }
    var at = nowInVietnam();
    at.setDate(at.getDate() + Number(wanted.dataset.day));
    hour.value = two(wanted.dataset.hour) + ':00';
    day.value = at.getDate() + '/' + (at.getMonth() + 1) + '/' + at.getFullYear();
    dirty = true;
    showMoment();
  });
})();
