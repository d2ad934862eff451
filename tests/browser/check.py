"""Tries the access page in a browser: what it shows, filter and sort, keyboard, paper, dark and narrow, and
that nothing in it is obeyed or asks anybody for anything.

    check.py BROWSER PAGES [SCREENSHOTS]
"""

import http.server
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from devtools import Browser

SHOWN = "[...document.querySelectorAll('#people tbody tr')].filter(row => !row.hidden)"
NAMES = f"{SHOWN}.map(row => row.cells[0].querySelector('strong').textContent)"


class Listener:
    """Stands for everybody that a page could ask."""

    def __init__(self):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            do_POST = do_HEAD = do_OPTIONS = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def equal(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r} instead of {wanted!r}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def set_field(browser, field, value):
    browser.js(f"(f => {{ f.value = {value!r}; f.dispatchEvent(new Event('input', {{bubbles: true}})) }})"
               f"(document.forms.filter.elements[{field!r}])")


def what_it_shows(browser, at):
    browser.open(at("few.html"))
    text = browser.js("document.body.innerText")
    for words in ["9.9.9-test", "2026-06-01T12:00:00Z", "3 people, 2 places, 4 findings",
                  "Not everything could be read", "shop unreachable: shop: connection: no connection could be made",
                  "Ada Lovelace <ada@acme.example> is the only owner of Acme (prod)", "3 of 3 shown"]:
        true(words in text, f"{words!r} is not on the page:\n{text}")
    equal(browser.js(NAMES), ["Ada Lovelace", "Bob", "eve@acme.example"], "the people")
    cells = browser.js("[...document.querySelectorAll('#people tbody td')].map(cell => cell.innerText)")
    equal(cells, [
        "sole_owner\nmember_and_invited", "owner\nsince 2025-03-04", "admin\nsince 2025-03-04",
        "sole_owner", "viewer\nsince 2025-03-04", "owner\nsince 2025-03-04",
        "expired_invitation", "expired as member\nsince 2026-05-20\nuntil 2026-05-30", "",
    ], "the matrix")
    heads = browser.js("[...document.querySelectorAll('#people thead th')].map(head => head.innerText)")
    equal(heads, ["Person", "Findings", "Acme\nprod · koyeb", "Lab\nlab/o2 · losant"], "the head of the matrix")
    order = browser.js("[...document.querySelectorAll('h2')].map(title => title.textContent)")
    equal(order, ["Not everything could be read", "What stands out", "People by place"], "the order of the parts")
    browser.open(at("empty.html"))
    true("0 people, 0 places, 0 findings" in browser.js("document.body.innerText"), "an empty page says so")


def no_secret(pages):
    for page in pages.glob("*.html"):
        true("door-opening-code" not in page.read_text(), f"{page.name} shows an invitation's id")


def filters(browser, at):
    browser.open(at("few.html"))
    for field, value, wanted in [
        ("text", "BOB", ["Bob"]),
        ("text", "lovelace acme", ["Ada Lovelace"]),
        ("text", "nobody", []),
        ("finding", "expired_invitation", ["eve@acme.example"]),
        ("finding", "any", ["Ada Lovelace", "Bob", "eve@acme.example"]),
    ]:
        set_field(browser, field, value)
        equal(browser.js(NAMES), wanted, f"{field} {value}")
        equal(browser.js("document.getElementById('count').value"), f"{len(wanted)} of 3 shown", "the count")
        set_field(browser, field, "")
    for field, word, wanted in [("role", "viewer", ["Bob"]), ("role", "owner", ["Ada Lovelace", "Bob"]),
                                ("state", "expired", ["eve@acme.example"])]:
        option = f"[...document.forms.filter.elements.{field}.options].find(one => one.text === {word!r}).value"
        set_field(browser, field, browser.js(option))
        equal(browser.js(NAMES), wanted, f"{field} {word}")
        set_field(browser, field, "")
    browser.js("document.querySelector('button[data-finding=member_and_invited]').click()")
    equal(browser.js(NAMES), ["Ada Lovelace"], "the people of a finding")
    set_field(browser, "text", "eve")
    equal(browser.js(NAMES), [], "text and finding together")
    browser.js("document.querySelector('#findings a[href=\"#p1\"]').click()")
    equal(browser.js("new Promise(done => setTimeout(() => done(" + NAMES + "), 50))"),
          ["Ada Lovelace", "Bob", "eve@acme.example"], "whoever a link leads to is shown")


def sorts(browser, at):
    browser.open(at("few.html"))
    click = "document.querySelectorAll('#people thead button')[{}].click()"
    for column, wanted, direction in [
        (0, ["eve@acme.example", "Bob", "Ada Lovelace"], "descending"),
        (1, ["Ada Lovelace", "Bob", "eve@acme.example"], "ascending"),
        (3, ["Bob", "Ada Lovelace", "eve@acme.example"], "ascending"),
        (3, ["eve@acme.example", "Ada Lovelace", "Bob"], "descending"),
        (2, ["Ada Lovelace", "Bob", "eve@acme.example"], "ascending"),
    ]:
        browser.js(click.format(column))
        equal(browser.js(NAMES), wanted, f"sorted by column {column}")
        said = browser.js("[...document.querySelectorAll('#people thead th')].map(one => one.ariaSort)")
        equal(said, [direction if index == column else "none" for index in range(4)], "what the headers say")


def keyboard(browser, at):
    browser.open(at("few.html"))
    focused = "(e => e.name || e.className || e.dataset.finding || e.textContent)(document.activeElement)"
    order = []
    for _ in range(40):
        browser.key("Tab")
        order.append(browser.js(focused))
        if order[-1] == "lab/o2" or order[-1].startswith("Lab"):
            break
    wanted = ["skip", "sole_owner", "member_and_invited", "expired_invitation", "text", "role", "state", "finding",
              "Show everybody", "scroll", "Person", "Findings", "Acme", "Lab"]
    equal([one for one in order if one in wanted], wanted, f"the way of the Tab key ({order})")
    true(browser.js("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus shows")
    browser.key("Enter")
    equal(browser.js(NAMES), ["Bob", "Ada Lovelace", "eve@acme.example"], "sorted by the Enter key")
    browser.js("document.forms.filter.elements.text.focus()")
    browser.type("eve")
    equal(browser.js(NAMES), ["eve@acme.example"], "what is typed filters")
    browser.key("Tab")
    browser.key("Tab")
    browser.key("Tab")
    browser.key("Tab")
    browser.key(" ")
    browser.js("new Promise(done => setTimeout(done, 50))")
    equal(len(browser.js(NAMES)), 3, "the Space key on the button shows everybody")
    browser.js("document.querySelector('summary').focus()")
    browser.key("Enter")
    true(not browser.js("document.querySelector('details').open"), "the Enter key folds")
    unnamed = browser.js("[...document.querySelectorAll('input,select,button')].filter(one => "
                         "!(one.labels?.length || one.textContent.trim())).length")
    equal(unnamed, 0, "fields without a name")


def paper(browser, at):
    for page, wide in [("few.html", False), ("many.html", True)]:
        browser.open(at(page))
        browser.media("print")
        for what in ["#filter", "details button", ".skip"]:
            equal(browser.js(f"getComputedStyle(document.querySelector({what!r})).display"), "none", f"{what} on paper")
        # On paper nothing is folded away.
        hidden = browser.js("[...document.querySelectorAll('#findings li')].filter(one => !one.checkVisibility("
                            "{contentVisibilityAuto: true})).length")
        equal(hidden, 0, "findings that are not printed")
        equal(browser.js("getComputedStyle(document.querySelector('#people table')).display"),
              "block" if wide else "table", "the table on paper")
        equal(browser.js("getComputedStyle(document.querySelector('.scroll')).overflow"), "visible", "what is cut off")
        browser.media()
    browser.open(at("few.html"))
    pdf = browser.pdf()
    true(pdf.startswith(b"%PDF"), "it prints")
    equal(len(re.findall(rb"/Type\s*/Page\b", pdf)), 1, "pages for three people")


def dark_and_light(browser, at):
    luminance = """
      (() => {
        const rgb = color => color.match(/[0-9.]+/g).slice(0, 3).map(Number);
        const light = color => rgb(color).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
        const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
          if (!/, 0\\)$|transparent/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
        const faint = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() &&
          [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
            const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
            return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)];
          }).sort((x, y) => x[0] - y[0]);
        return {paper: light(getComputedStyle(document.body).backgroundColor), least: faint[0]};
      })()"""
    browser.open(at("few.html"))
    papers = {}
    for scheme in ["light", "dark"]:
        browser.media(prefers_color_scheme=scheme)
        found = browser.js(luminance)
        papers[scheme] = found["paper"]
        true(found["least"][0] >= 4.5, f"too faint in {scheme}: {found['least']}")
    browser.media()
    true(papers["light"] > 0.9 and papers["dark"] < 0.05, f"light and dark differ: {papers}")


def narrow_and_wide(browser, at):
    for page in ["few.html", "many.html", "hostile.html"]:
        browser.size(360, 740)
        browser.open(at(page))
        over = browser.js("document.documentElement.scrollWidth - innerWidth")
        true(over <= 0, f"{page} is {over} px wider than a narrow window")
        equal(browser.js("getComputedStyle(document.querySelector('thead')).display"), "none", "the head when narrow")
        true(browser.js("document.forms.filter.elements.sort.checkVisibility()"), "sorting has a field when narrow")
        browser.size(1600, 900)
        browser.open(at(page))
        over = browser.js("document.documentElement.scrollWidth - innerWidth")
        true(over <= 0, f"{page} is {over} px wider than a wide window")
    browser.size(360, 740)
    browser.open(at("few.html"))
    set_field(browser, "sort", "3")
    equal(browser.js(NAMES), ["Bob", "Ada Lovelace", "eve@acme.example"], "sorted when narrow")
    browser.size(1280, 900)


def many_people(browser, at):
    began = time.monotonic()
    browser.open(at("many.html"))
    equal(browser.js("document.getElementById('count').value"), "3000 of 3000 shown", "everybody is there")
    loaded = time.monotonic() - began
    took = browser.js("""(() => { const began = performance.now();
        const f = document.forms.filter.elements.text; f.value = 'person2999';
        f.dispatchEvent(new Event('input', {bubbles: true})); document.body.offsetHeight;
        return performance.now() - began; })()""")
    equal(browser.js(NAMES), ["Person 2999"], "one of many")
    set_field(browser, "text", "")
    sorting = browser.js("""(() => { const began = performance.now();
        document.querySelectorAll('#people thead button')[5].click(); document.body.offsetHeight;
        return performance.now() - began; })()""")
    print(f"    3,000 people: shown in {loaded:.1f} s, filtered in {took:.0f} ms, sorted in {sorting:.0f} ms")
    true(loaded < 20 and took < 2_000 and sorting < 5_000, "it is too slow for 3,000 people")


def inert_names(browser, at, listener):
    browser.open(at("hostile.html"))
    browser.js("document.querySelectorAll('*').forEach(one => one.dispatchEvent(new MouseEvent('mouseover')))")
    browser.js("new Promise(done => setTimeout(done, 500))")
    equal(browser.seen("Page.javascriptDialogOpening"), [], "dialogs")
    equal(browser.js("document.querySelectorAll('img,iframe,object,embed,link,base,style,script').length"), 2,
          "elements besides the page's own style and script")
    equal(browser.js("[...document.querySelectorAll('[href]')].filter(one => "
                     "!/^#(p\\d+|people)$/.test(one.getAttribute('href'))).length"), 0, "links that lead elsewhere")
    equal(browser.js("[...document.querySelectorAll('body *')].filter(one => one.style.length || "
                     "[...one.attributes].some(a => a.name.startsWith('on'))).length"), 0, "handlers and styles")
    names = browser.js(NAMES)
    true(f'<img src={listener.url}/img onerror="alert(1)">' in names, f"the name is shown as it is: {names}")
    true(any("\ufffd" in name for name in names) and not any(c in name for name in names for c in "\u202e\x1b\0"),
         "what turns text around is shown and not obeyed")
    equal(browser.js("location.href"), at("hostile.html"), "the page stays")


def asks_nobody(browser, at, listener):
    for page in ["few.html", "many.html", "hostile.html", "empty.html"]:
        browser.open(at(page))
        browser.js("new Promise(done => setTimeout(done, 100))")
        asked = {event["request"]["url"].split("#")[0] for event in browser.seen("Network.requestWillBeSent")}
        equal(asked, {at(page)}, f"what {page} loads")
        equal(browser.seen("Runtime.exceptionThrown"), [], f"errors in the script of {page}")
        equal([one for one in browser.seen("Log.entryAdded")], [], f"what the browser complains about in {page}")
    # Even what got into the page could not ask.
    refused = browser.js(f"fetch('{listener.url}/fetch', {{mode: 'no-cors'}}).then(() => 'sent', () => 'refused')")
    equal(refused, "refused", "a request from the page")
    for kind, attribute in [("img", "src"), ("script", "src"), ("iframe", "src"), ("link", "href")]:
        browser.js(f"(e => {{ e.rel = 'stylesheet'; e.{attribute} = '{listener.url}/{kind}'; document.body.append(e) }})"
                   f"(document.createElement('{kind}'))")
    browser.js("new Promise(done => setTimeout(done, 500))")
    equal(listener.asked, [], "what was asked of others")


def screenshots(browser, at, directory):
    directory.mkdir(parents=True, exist_ok=True)
    for page in ["few", "many", "hostile"]:
        for scheme in ["light", "dark"]:
            for size, (width, height) in {"wide": (1280, 900), "narrow": (390, 844)}.items():
                browser.media(prefers_color_scheme=scheme)
                browser.size(width, height)
                browser.open(at(f"{page}.html"))
                browser.screenshot(directory / f"{page}-{scheme}-{size}.png")


def main():
    command, make_pages, *keep = sys.argv[1:]
    listener = Listener()
    with tempfile.TemporaryDirectory() as directory:
        pages = Path(directory)
        subprocess.run([make_pages, directory, listener.url], check=True)
        no_secret(pages)
        at = lambda page: (pages / page).as_uri()
        browser = Browser(command)
        try:
            browser.size(1280, 900)
            for check in [what_it_shows, filters, sorts, keyboard, paper, dark_and_light, narrow_and_wide, many_people]:
                print(f"  {check.__name__.replace('_', ' ')}", flush=True)
                check(browser, at)
            for check in [inert_names, asks_nobody]:
                print(f"  {check.__name__.replace('_', ' ')}", flush=True)
                check(browser, at, listener)
            if keep:
                screenshots(browser, at, Path(keep[0]))
        finally:
            browser.close()
    print("browser: ok")


if __name__ == "__main__":
    main()
