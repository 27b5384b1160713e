/* Addresses while somebody types: `vietnamese.slug` in the browser. A field with data-slug-words
   says which words it is made from, "{name}" or "Cụm thi đua[ số {number}] – {owner}", and follows
   them until somebody types an address by hand. Without it the server makes the same address. */
(function () {
  'use strict';

  var EMPTY = 'bai';

  var INVISIBLE = /[\p{Cf}\p{Cs}\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/gu;

  function fold(text) {
    return text.replace(INVISIBLE, '').replace(/[đĐÐð]/g, 'd').normalize('NFKD')
      .replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss').normalize('NFKC');
  }

  window.newsroomSlug = function (text, most) {
    most = most || 80;
    var words = fold(text).replace(/['’‘ʼ`´]/g, '').replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    if (words.length > most) {
      var end = words.lastIndexOf('-', most);
      words = words.slice(0, end > 0 ? end : most);
    }
    return words || EMPTY.slice(0, most);
  };

  function follow(field) {
    var form = field.form;
    var pattern = field.dataset.slugWords;
    var names = (pattern.match(/\{\w+\}/g) || []).map(function (name) { return name.slice(1, -1); });

    function typed(name) { return form.elements[name] ? form.elements[name].value.trim() : ''; }

    function filled(text) {
      return text.replace(/\{(\w+)\}/g, function (_all, name) { return typed(name); });
    }

    function made() {
      if (!typed(names[names.length - 1])) { return ''; }
      var words = pattern.replace(/\[([^\]]*)\]/g, function (_all, part) {
        return typed((/\{(\w+)\}/.exec(part) || [])[1]) ? part : '';
      });
      return window.newsroomSlug(filled(words), Number(field.dataset.slugLength));
    }

    var shown = document.querySelector('[data-slug-shown="' + field.id + '"]');
    function show() { if (shown) { shown.textContent = field.value; } }

    var follows = !field.value || field.value === made();
    field.addEventListener('input', function () { follows = !field.value; });
    form.addEventListener('input', function (event) {
      if (!follows || names.indexOf(event.target.name) < 0) { return; }
      field.value = made();
      show();
    });
    field.addEventListener('input', show);
  }

  document.querySelectorAll('input[data-slug-words]').forEach(function (field) {
    if (!field.readOnly && !field.disabled) { follow(field); }
  });
})();
