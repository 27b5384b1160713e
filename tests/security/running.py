"""Whether something on a page runs: every event is fired at everything, and payloads say so.

Our own policy would stop what the sanitiser lets through, so pages are opened without it.
"""

import html

from playwright.sync_api import Browser, Page

_LISTEN = "window.heard = []; window.ran = (number) => window.heard.push(number);"

# An Event that is no MouseEvent runs handlers and follows no link; a script's address is clicked.
_FIRE = r"""
(scope) => {
  const events = `focus focusin blur click dblclick auxclick mousedown mouseup mouseover mouseenter
    mousemove mouseout pointerdown pointerenter pointerover wheel keydown keyup keypress
    input change select toggle load error animationstart animationend transitionend
    begin end repeat start finish bounce canplay loadeddata play playing pageshow
    hashchange scroll copy paste drag drop submit reset invalid`.split(/\s+/);
  for (const element of document.querySelectorAll(scope)) {
    for (const event of events) element.dispatchEvent(new Event(event));
    const led = ["href", "xlink:href", "action", "formaction", "src", "data", "to", "values"]
      .some((name) => /^[\s\x00-\x20]*javascript:/i.test(element.getAttribute(name) || ""));
    if (led) element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  }
}
"""

# What would run if somebody touched it, whether or not an event reached it just now.
_IS_ARMED = r"""
(element) => {
  const leads = `href xlink:href src srcset action formaction data to from by values poster
    background ping`.split(/\s+/);
  const script = element.localName === "script" && /^$|javascript|module/.test(element.type || "");
  return (script && /top\.ran\(\d/.test(element.textContent))
    || [...element.attributes].some(({ name, value }) => /top\.ran\(\d/.test(value)
      && (/^on|^srcdoc$|^style$/i.test(name)
        || (leads.includes(name.toLowerCase())
          && /^[\s\x00-\x20]*(javascript|data):/i.test(value))));
}
"""
_ARMED = f"""
() => [...document.querySelectorAll("*")].filter({_IS_ARMED})
  .map((element) => element.outerHTML.slice(0, 200))
"""

# Whatever a template of ours never has: it came out of a text.
_FOREIGN = rf"""
(pages) => {{
  const armed = {_IS_ARMED};
  const foreign = (element) => armed(element)
    || /^(iframe|frame|object|embed|base|math|marquee|x-y|area)$/.test(element.localName)
    || [...element.attributes].some(({{ name }}) =>
      /^on|^srcdoc$|^shadowroot/i.test(name) || !/^[a-z][-\w:.]*$/i.test(name));
  return pages.flatMap((page) => {{
    const parsed = new DOMParser().parseFromString(page, "text/html");
    return [...parsed.querySelectorAll("*")].filter(foreign)
      .map((element) => element.outerHTML.slice(0, 200));
  }});
}}
"""


def listening_page(browser: Browser, **options) -> Page:
    """Return a page on which payloads can tell that they run; the site's policy is off."""
    context = browser.new_context(bypass_csp=True, **options)
    context.add_init_script(_LISTEN)
    return context.new_page()


def what_runs(page: Page, scope: str) -> tuple[list[int], list[str]]:
    """Fire everything at the page's `scope` and in every frame within the page.

    Return the numbers of the payloads that ran, and what else is armed.
    """
    armed = []
    for frame in page.frames:
        frame.evaluate(_FIRE, "*" if frame.parent_frame else scope)
    page.wait_for_timeout(300)
    for frame in page.frames:
        armed += frame.evaluate(_ARMED)
    return sorted(set(page.evaluate("window.heard"))), armed


def runs_in_frames(page: Page, home: str, pages: list[str]) -> tuple[list[int], list[str]]:
    """Show whole pages side by side, scripts of the site aside, and fire everything at all of them.

    `home` is an address of the site itself. Returns what `what_runs` does.
    """
    page.unroute_all()
    page.goto(home)
    page.route("**/*", lambda route: route.abort())
    frames = [f'<iframe srcdoc="{html.escape(one)}"></iframe>' for one in pages]
    page.set_content("".join(frames), wait_until="load")
    ran, _ours = what_runs(page, "iframe")
    page.unroute_all()
    return ran, [one for frame in page.frames[1:] for one in frame.evaluate(_ARMED)]


def foreign_in(page: Page, pages: list[str]) -> list[str]:
    """Have the browser parse whole pages, and return what in them no template of ours wrote:
    handlers, addresses that are scripts, attributes with broken names, scripts with payloads."""
    return page.evaluate(_FOREIGN, pages)
