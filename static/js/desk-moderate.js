/* Keys of the moderator, as printed on the buttons: j k a r+1–9 s h e u o g ?. Off while a field has
   the focus and with Ctrl, Alt or Meta. With a Vietnamese typing program on, "a r" arrives as "ả":
   only a plain key counts, anything else says why nothing happened. Every key presses a button or a
   link of the page, so nothing here is needed. What is pressed twice is sent once. */
(function () {
  'use strict';

  var rejecting = false;
  var asked = null;  // the button of the reason that waits for a note
  var leaving = -Infinity;
  var sent = null;  // the form that is under way
  var ANSWER = 10000;  // milliseconds the server has before a second press counts
  var hint = document.querySelector('[data-telex]');

  function inField(target) {
    return target.closest(
      'input:not([type=hidden]):not([type=checkbox]), textarea, select, [contenteditable]');
  }

  /* A key that decides on the way to the next page would decide what is left behind. */
  function press(found) {
    if (isLeaving()) { return; }
    var goes = found.matches('a[href]:not([target])') && !found.getAttribute('href').startsWith('#');
    if (goes) { leaving = performance.now(); }
    found.click();
  }

  function isLeaving() { return performance.now() - leaving < ANSWER; }

  function isSent(event) {
    return event.target.method === 'post' &&
      !(event.submitter && event.submitter.formMethod === 'dialog');
  }

  function typed(event) {
    if (/^[a-z0-9?]$/i.test(event.key)) { return event.key.toLowerCase(); }
    if (hint && (event.key.length === 1 && event.key !== ' ' || event.key === 'Process')) {
      hint.hidden = false;
    }
    return '';
  }

  /* The box a link leads to: opened, with its first field in focus. */
  function open(box) {
    if (box.tagName === 'DETAILS') { box.open = true; }
    box.scrollIntoView({ block: 'nearest' });
    var field = box.querySelector('input:not([type=hidden]), textarea');
    if (field) { field.focus(); }
  }

  function reject(number) {
    var button = document.querySelector('[data-reason="' + number + '"]');
    if (!button) { return; }
    var note = document.getElementById('id_note');
    asked = button;
    if (button.value === 'other' && !note.value.trim()) {
      note.closest('details').open = true;
      note.focus();
      return;
    }
    press(button);
  }

  /* In a field: Escape leaves it, Ctrl and Enter in the note press the reason it was written for. */
  function inside(event) {
    if (event.key === 'Escape') {
      rejecting = false;
      event.target.blur();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && asked &&
        event.target.id === 'id_note') {
      event.preventDefault();
      if (event.target.value.trim()) { press(asked); }
    }
  }

  function help() {
    var box = document.querySelector('[data-keys]');
    if (box) { box.open = !box.open; }
  }

  document.addEventListener('keydown', function (event) {
    if (event.repeat || event.isComposing) { return; }
    if (inField(event.target)) { inside(event); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    var key = typed(event);
    if (!key) { return; }
    if (rejecting && /^[1-9]$/.test(key)) {
      event.preventDefault();
      reject(key);
      return;
    }
    if (key === '?') { help(); return; }
    var found = document.querySelector('[data-key="' + key + '"]');
    rejecting = key === 'r' && Boolean(found);
    if (!found) { return; }
    event.preventDefault();
    if (key === 'h') { open(document.getElementById('hold')); return; }
    press(found);
  });

  document.addEventListener('submit', function (event) {
    if (event.defaultPrevented || !isSent(event)) { return; }
    if (isLeaving()) { event.preventDefault(); return; }
    leaving = performance.now();
    sent = event.target;
  });
  window.addEventListener('pageshow', function () { leaving = -Infinity; });

  /* Each box of the page is a form of its own: words typed in another than is sent are asked about. */
  window.addEventListener('beforeunload', function (event) {
    var typed = document.querySelectorAll('form[method=post] textarea, form[method=post] input');
    if (Array.from(typed).some(function (field) {
      return field.form !== sent && field.value !== field.defaultValue;
    })) {
      event.preventDefault();
      leaving = -Infinity;
    }
    sent = null;
  });

  document.querySelectorAll('a[href="#hold"]').forEach(function (link) {
    link.addEventListener('click', function (event) {
      event.preventDefault();
      open(document.getElementById('hold'));
    });
  });

  /* The words to the reader begin with those of the reason whose name is pressed. */
  document.querySelectorAll('[data-words]').forEach(function (link) {
    link.addEventListener('click', function (event) {
      event.preventDefault();
      var reason = document.querySelector('[name=reason][value="' + link.dataset.words + '"]');
      var words = document.getElementById('id_reader_note');
      var typed = words.value.trim();
      var told = Array.from(document.querySelectorAll('[data-told]'), function (one) {
        return one.dataset.told;
      });
      if (told.includes(typed)) { typed = ''; }
      words.value = reason.dataset.told + (typed && '\n' + typed);
      words.focus();
    });
  });

  /* How the text will read while words are ticked. */
  var preview = document.querySelector('[data-preview]');
  if (preview) {
    var lines = Array.from(document.querySelectorAll('#redaction fieldset p'));
    document.getElementById('redaction').addEventListener('change', function () {
      var mask = preview.dataset.mask;
      preview.textContent = lines.map(function (line) {
        return Array.from(line.querySelectorAll('label')).reduce(function (words, label) {
          var hidden = label.querySelector('input').checked;
          if (hidden && words[words.length - 1] === mask) { return words; }
          return words.concat(hidden ? mask : label.textContent);
        }, []).join(' ');
      }).join('\n');
    });
  }

  /* The claim: renewed while somebody works on the page, at most once a minute; when it ends the
     page says so, and one press keeps the comment again. */
  var claim = document.querySelector('[data-claim]');
  if (!claim) { return; }
  var again = claim.querySelector('[data-claim-again]');
  var text = claim.querySelector('[data-claim-text]');
  var form = claim.closest('form') || document.getElementById('redaction');
  var until = Number(claim.dataset.claim) * 1000;
  var clock = /\d\d:\d\d/.exec(text.textContent);
  var renewed = Date.now();
  // The server's clock and this one may differ: three minutes count from when the page came.
  var ends = Date.now() + Math.min(Math.max(until - Date.now(), 0) || 180000, 180000);

  function keep() {
    renewed = Date.now();
    var data = new FormData(form);
    data.append('verb', 'claim');
    fetch(form.getAttribute('action') || location.href, {
      method: 'POST', body: data, headers: { Accept: 'application/json' }
    }).then(function (answer) {
      return answer.json().then(function (said) {
        if (!answer.ok) { text.textContent = said.message; ends = Infinity; return; }
        clock = [said.until];
        ends = Date.now() + said.seconds * 1000;
        text.textContent = claim.dataset.held.replace('{time}', said.until);
        claim.classList.remove('is-lost');
        again.hidden = true;
      });
    }).catch(function () { renewed = 0; });
  }

  function lost() {
    text.textContent = claim.dataset.lost.replace('{time}', clock ? clock[0] : '');
    claim.classList.add('is-lost');
    again.hidden = false;
    ends = Infinity;
  }

  again.addEventListener('click', function (event) {
    event.preventDefault();
    keep();
  });
  ['keydown', 'pointerdown', 'scroll', 'input'].forEach(function (name) {
    document.addEventListener(name, function () {
      if (ends !== Infinity && Date.now() - renewed > 60000) { keep(); }
    }, { passive: true });
  });
  setInterval(function () { if (Date.now() > ends) { lost(); } }, 1000);
})();
