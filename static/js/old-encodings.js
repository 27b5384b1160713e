/* Text of the years before Unicode, recognised where it is pasted: the same question, with the same
   tables, as newsroom/vietnamese/encodings.py asks. */
(function () {
  'use strict';

  var listed = document.getElementById('old-encodings');
  if (!listed) { return; }
  var known = JSON.parse(listed.textContent);
  var spelling = new RegExp(known.spelling);
  var MAX_CHARS = 100000;  // looked at, as there
  var WORD = /[A-Za-z\u00a1-\u1ef9]+/g;
  var TELLING = /[\u00a1-\u1ef9]/;
  var TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

  function isSyllable(word) {
    var parts = word.toLowerCase().normalize('NFD');
    var tones = parts.match(TONES) || [];
    var bare = parts.replace(TONES, '').normalize('NFC');
    if (tones.length > 1 || !spelling.test(bare)) { return false; }
    return !/(?:c|ch|p|t)$/.test(bare) || !tones.length || /[\u0301\u0323]/.test(tones[0]);
  }

  var encodings = known.encodings.map(function (encoding) {
    var codes = Object.keys(encoding.letters);
    codes.sort(function (one, other) { return other.length - one.length; });
    var code = new RegExp(codes.join('|') + '|[^\\x00-\\x7f]', 'g');
    return {
      name: encoding.name,
      shown: function (word) {
        return (encoding.anyCase ? word.toLowerCase() : word).replace(code, function (found) {
          return encoding.letters[found] || '\ufffd';
        });
      }
    };
  });

  /* Also where the ư of "ươ" was cleaned away: TCVN3 writes it as a soft hyphen. */
  function wasSyllable(shown) {
    return isSyllable(shown) || isSyllable(shown.replace(/([^ư]|^)(?=[ơờởỡớợ])/g, '$1ư'));
  }

  function fits(encoding, words) {
    var fitting = words.filter(function (word) { return wasSyllable(encoding.shown(word)); });
    var telling = fitting.filter(function (word) { return !isSyllable(word); }).length;
    var against = words.length - fitting.length;
    return telling >= known.minWords && telling >= known.minShare * (telling + against);
  }

  function ofWords(text) {
    var words = Array.from(new Set(text.match(WORD) || []));
    words = words.filter(function (word) { return TELLING.test(word); });
    var found = encodings.find(function (encoding) { return fits(encoding, words); });
    return found ? found.name : '';
  }

  /* The name of the old encoding that the text, or a line of it, is written in, or ''. */
  window.newsroomOldEncoding = function (text) {
    text = text.slice(0, MAX_CHARS);
    var parts = [text].concat(text.split(/\r\n|[\n\r\u2028\u2029]/));
    return parts.map(ofWords).find(Boolean) || '';
  };
})();
