// The comment form inside the article: fetched on click, sent without leaving the page.
// Without this script the link and the form work as plain pages.
"use strict";

(() => {
  const LINK = "[data-comment-link]";
  const PART = "[data-comment-part]";
  const PANEL = "[data-comment-panel]";
  const DONE = "[data-comment-done]";
  const CAPTCHA = "[data-comment-captcha]";
  const COUNT = "[data-comment-count]";
  const CARRIED = ["captcha_key", "token"];
  const TYPED = ["name", "email", "text"];
  const FOCUS = "[data-comment-focus], input:not([type=hidden])";
  const USABLE = [200, 201, 403, 422, 429];
  const WITHDRAWN = [404, 410];
  const RENEW_AFTER = 25 * 60 * 1000; // a code lives half an hour
  const NEARLY_FULL = 100;
  const PICTURE =
    "[\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u21aa\\u231a-\\u23fa\\u24c2\\u25aa-\\u27bf" +
    "\\u2934\\u2935\\u2b05-\\u2b55\\u3030\\u303d\\u3297\\u3299\\u{1f000}-\\u{1faff}]\\ufe0f?";
  // What the server drops; "$1" is an emoji, which it keeps whole.
  const DROPPED = new RegExp(
    `(${PICTURE}(?:\\u200d${PICTURE})*)|` +
    "[\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u17b4\\u17b5\\u180b-\\u180f" +
    "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\ufff0-\\uffff" +
    "\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]", "gu");

  // Says aloud what others see happen; it outlives the parts that are replaced.
  const voice = document.createElement("span");
  voice.className = "hidden";
  voice.setAttribute("role", "status");
  document.querySelector("main")?.append(voice);

  let shownAt = 0;
  document.querySelectorAll(PANEL).forEach(begin);
  setInterval(renewInTime, 15 * 1000);
  document.addEventListener("visibilitychange", renewInTime);

  document.addEventListener("click", (event) => {
    const link = event.target.closest(LINK);
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    once(link, () => open(link));
  });

  document.addEventListener("submit", (event) => {
    const panel = event.target.closest(PANEL);
    if (!panel) return;
    event.preventDefault();
    once(panel, () => send(panel, event.submitter?.value || "send"));
  });

  // What was not typed is counted too: a draft that another script puts back says "change", what
  // the browser fills in says nothing and is counted when somebody comes to it.
  for (const kind of ["change", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const panel = event.target.closest(PANEL);
      if (panel) count(panel, false);
    });
  }

  document.addEventListener("input", (event) => {
    const panel = event.target.closest(PANEL);
    if (!panel) return;
    count(panel, true);
  });

  // A second press while the first is under way does nothing.
  async function once(element, work) {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    await work();
    element.removeAttribute("aria-busy");
  }

  // The form takes the place of what led to it. There is one at a time: a second link moves it,
  // with what is typed in it. Where the answer is no form (closed, too much asked for) an open one
  // stays, and says so.
  async function open(link) {
    try {
      const part = await ask(link.href);
      const panel = document.querySelector(PANEL);
      if (panel && !part.matches(PANEL)) {
        fail(panel, part.querySelector("p").textContent);
        return;
      }
      const place = link.closest("p") ?? link;
      close(part);
      place.hidden = true;
      place.after(part);
      part.opener = place;
      begin(part);
      focusIn(part);
    } catch {
      location.assign(link.href);
    }
  }

  function close(next) {
    const panel = document.querySelector(PANEL);
    if (!panel) return;
    for (const name of TYPED) {
      const place = field(next, name);
      if (place) place.value ||= field(panel, name).value;
    }
    if (panel.opener) panel.opener.hidden = false;
    panel.remove();
  }

  async function send(panel, action) {
    forgive(panel);
    try {
      show(panel, await post(panel, action), action);
    } catch (failure) {
      const isGone = WITHDRAWN.includes(failure.status);
      fail(panel, isGone ? panel.dataset.gone : panel.dataset.failed);
    }
  }

  function post(panel, action) {
    const form = panel.querySelector("form");
    const body = new URLSearchParams(new FormData(form));
    body.set("action", action);
    return ask(form.getAttribute("action"), { method: "POST", body }); // form.action is a button
  }

  // Returns the part the server sent; throws when the answer is anything else, such as the page
  // of a proxy. What is thrown has the answer's status, and none where there was no answer.
  async function ask(address, options = {}) {
    const headers = { "X-Requested-With": "fetch" };
    const answer = await fetch(address, { ...options, headers });
    const template = document.createElement("template");
    template.innerHTML = USABLE.includes(answer.status) ? await answer.text() : "";
    const part = template.content.querySelector(PART);
    if (!part) {
      throw Object.assign(new Error(`${address}: ${answer.status}`), { status: answer.status });
    }
    return part;
  }

  function show(panel, part, action) {
    const sentence = part.querySelector("[data-comment-sentence]");
    if (sentence) {
      fail(panel, sentence.textContent);
    } else if (action === "refresh" && part.matches(PANEL)) {
      renewCaptcha(panel, part);
      focusIn(panel.querySelector(CAPTCHA));
      say(panel.dataset.renewed);
    } else {
      panel.replaceWith(part);
      part.opener = panel.opener;
      if (part.opener && part.matches(DONE)) part.opener.hidden = false;
      begin(part);
      focusIn(part);
      if (action === "clear") say(panel.dataset.cleared);
    }
  }

  // Only the captcha is replaced: what is being typed stays as it is, with its undo.
  function renewCaptcha(panel, part) {
    for (const name of CARRIED) field(panel, name).value = field(part, name).value;
    panel.querySelector(CAPTCHA).replaceWith(part.querySelector(CAPTCHA));
    shownAt = Date.now();
  }

  // Before the code expires, also on a phone that slept meanwhile. Where the network fails the
  // next try is in 15 seconds.
  function renewInTime() {
    const panel = document.querySelector(PANEL);
    if (!panel || document.hidden || Date.now() - shownAt < RENEW_AFTER) return;
    once(panel, () => renew(panel));
  }

  // Whoever is typing is not disturbed: the focus stays. Where the answer is no form (closed,
  // withdrawn, too much asked for) nothing is asked for again: who sends is told.
  async function renew(panel) {
    let part = null;
    try {
      part = await post(panel, "renew");
    } catch (failure) {
      if (!failure.status) return;
    }
    if (!part?.matches(PANEL)) {
      shownAt = Infinity;
      return;
    }
    const inside = panel.querySelector(CAPTCHA).contains(document.activeElement);
    renewCaptcha(panel, part);
    if (inside) focusIn(panel.querySelector(CAPTCHA));
    say(panel.dataset.renewed);
  }

  function begin(panel) {
    if (!panel.matches(PANEL)) return;
    shownAt = Date.now();
    count(panel, false);
  }

  // Counts as the server does (newsroom/vietnamese/cleaning.py): code points of the text in NFC;
  // what prints nothing and spaces that go lost left out.
  function lengthOf(text) {
    const seen = text.replace(DROPPED, "$1").normalize("NFC");
    const lines = seen.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
    return [...lines.join("\n").replace(/\n{3,}/g, "\n\n").trim()].length;
  }

  function count(panel, aloud) {
    const place = panel.querySelector(COUNT);
    const left = Number(place.dataset.commentCount) - lengthOf(field(panel, "text").value);
    const kind = left < 0 ? "over" : left < NEARLY_FULL ? "nearly" : "";
    const sentence = left < 0 ? place.dataset.over : place.dataset.left;
    place.hidden = false;
    place.textContent = sentence.replace("NUMBER", Math.abs(left).toLocaleString("vi"));
    place.classList.toggle("form-count--over", left < 0);
    if (aloud && kind && kind !== place.dataset.kind) say(place.textContent);
    place.dataset.kind = kind;
  }

  function field(panel, name) {
    return panel.querySelector(`[name=${name}]`);
  }

  function focusIn(part) {
    (part.querySelector(FOCUS) ?? part).focus();
  }

  // Emptied first: the same sentence twice would not be said twice.
  function say(sentence) {
    voice.textContent = "";
    setTimeout(() => { voice.textContent = sentence; }, 50);
  }

  function forgive(panel) {
    panel.querySelector("[data-comment-failed]")?.remove();
  }

  function fail(panel, sentence) {
    forgive(panel);
    const message = document.createElement("p");
    message.className = "error-summary";
    message.tabIndex = -1;
    message.setAttribute("role", "alert");
    message.dataset.commentFailed = "";
    message.textContent = sentence;
    panel.querySelector("form").prepend(message);
    message.focus();
  }
})();
