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

  /* A file that is too large is not sent: it would be refused with the whole form around it. */
  document.addEventListener('change', function (event) {
    var field = event.target;
    if (field.type !== 'file' || !field.dataset.most) { return; }
    var said = field.previousElementSibling;
    if (said && said.matches('[data-large]')) { said.remove(); }
    var large = Array.from(field.files).some(function (file) {
      return file.size > Number(field.dataset.most);
    });
    if (!large) { return; }
    said = document.createElement('p');
    said.className = 'desk-error';
    said.dataset.large = '';
    said.setAttribute('role', 'alert');
    said.textContent = field.dataset.tooLarge;
    field.before(said);
    field.value = '';
  });

  /* Where one searches in a picker, the search bears the picker's name. */
  if (window.django && django.jQuery) {
    django.jQuery(function () {
      document.querySelectorAll('select.admin-autocomplete[multiple]').forEach(function (select) {
        var search = select.parentNode.querySelector('.select2-search__field');
        if (search && select.labels.length) {
          search.setAttribute('aria-label', select.labels[0].textContent.replace(/:\s*$/, ''));
        }
      });
    });
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
