/* Keys of the moderator, as printed on the buttons: j k a r+1–9 s h o u. Off while a field has the
   focus and with Ctrl, Alt or Meta. With a Vietnamese typing program on, "a r" arrives as "ả": only
   a plain key counts, anything else says why nothing happened. */
(function () {
  'use strict';

  var rejecting = false;
  var hint = document.querySelector('[data-telex]');

  function inField(target) {
    return target.closest('input:not([type=hidden]), textarea, select, [contenteditable]');
  }

  function press(selector) {
    var found = document.querySelector(selector);
    if (found) { found.click(); }
    return Boolean(found);
  }

  function typed(event) {
    if (/^[a-z0-9?]$/i.test(event.key)) { return event.key.toLowerCase(); }
    if (event.key.length === 1 || event.key === 'Process') { hint.hidden = false; }
    return '';
  }

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing ||
        inField(event.target)) { return; }
    var key = typed(event);
    if (!key) { return; }
    if (rejecting && /^[1-9]$/.test(key)) {
      event.preventDefault();
      var other = document.querySelector('[data-reason="' + key + '"]');
      var note = document.getElementById('id_note');
      if (other && other.value === 'other' && !note.value.trim()) { note.focus(); return; }
      press('[data-reason="' + key + '"]');
      return;
    }
    rejecting = key === 'r';
    if (document.querySelector('[data-key="' + key + '"]')) {
      event.preventDefault();
      press('[data-key="' + key + '"]');
    }
  });
})();
