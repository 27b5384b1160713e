/* The window that hands a photo to the page that opened it: to the editor, or as the lead photo. */
(function () {
  'use strict';

  var editor = document.getElementById('content-main').dataset.editor;

  function give(photo) {
    var opener = window.opener;
    if (!opener) { return; }
    var taken = editor ? opener.newsroomInsertPhoto : opener.newsroomLeadPhoto;
    if (taken && (editor ? taken(editor, photo) : taken(photo))) { window.close(); }
  }

  document.querySelectorAll('[data-photo]').forEach(function (button) {
    button.addEventListener('click', function () {
      var data = button.dataset;
      give({
        id: data.photo, alt: data.alt, caption: data.caption, credit: data.credit,
        thumb: data.thumb
      });
    });
  });

  var picked = document.getElementById('picked');
  if (picked) { give(JSON.parse(picked.textContent)); }
})();
