/* What every page of the desk has: focus on what needs it, and a password that can be seen.
   Nothing here is needed: every page works without it. */
(function () {
  'use strict';

  var first = document.querySelector('[data-focus]');
  if (first) { first.focus(); }

  var show = document.querySelector('[data-show-password]');
  if (show) {
    var field = show.parentNode.querySelector('input');
    show.hidden = false;
    show.addEventListener('click', function () {
      field.type = field.type === 'password' ? 'text' : 'password';
      show.setAttribute('aria-pressed', String(field.type === 'text'));
      field.focus();
    });
  }

  var print = document.querySelector('[data-print]');
  if (print) {
    print.hidden = false;
    print.addEventListener('click', function () { window.print(); });
  }

  /* An open list closes when somebody looks elsewhere. */
  document.addEventListener('click', function (event) {
    document.querySelectorAll('details.desk-filter[open], details.desk-account[open]')
      .forEach(function (box) { if (!box.contains(event.target)) { box.open = false; } });
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') { return; }
    document.querySelectorAll('details.desk-filter[open], details.desk-account[open]')
      .forEach(function (box) { box.open = false; box.querySelector('summary').focus(); });
  });
})();
