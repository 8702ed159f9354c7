"""Debian's wapiti 3.0.4 as packaged, but for what keeps it from doing its work here. Run by `npm run scan`."""

import re
import sys

import requests
import wapitiCore.net.crawler as crawler
import wapitiCore.net.page as page
import wapitiCore.net.web as web
import wapitiCore.net.xss_utils as xss_utils
from wapitiCore.main.wapiti import SCAN_FORCE_VALUES, wapiti_main

# The expression of `-x` is made as Python before 3.11 had it.
crawler.wildcard_translate = lambda pattern: re.compile(re.escape(pattern).replace("\\*", ".*") + r"\Z", re.M | re.S)

# The encoding is guessed anew for each form of a page, by reading all of it: 1.7 s where a page has 600 KB. Ours say it.
requests.models.Response.apparent_encoding = property(lambda self: "utf-8")

# The sparest `-S` still takes a hundred forms that differ in an id; now one of those that are alike: the same act or
# address but for ids, and the same fields but for numbers and a last part (`texts.goals`, `texts.risks`).
SCAN_FORCE_VALUES["paranoid"] = 3
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def likeness(self):
    sent = [*self._post_params, *self._file_params] if self.method == "POST" else self._get_params
    fields = sorted({re.sub(r"(?<=[A-Za-z])\.[A-Za-z]+$", ".*", re.sub("[0-9]+", "0", field[0])) for field in sent})
    act = [field[1] for field in sent if field[0] == "intent"]
    return f"{self.method} {UUID.sub('id', self.path)} {fields} {act}"


web.Request.pattern = property(likeness)

# Ten boxes of one name are one field.
made_as_packaged = web.Request.__init__


def made_of_distinct_fields(self, *args, **kwargs):
    made_as_packaged(self, *args, **kwargs)
    self._get_params = list({field[0]: field for field in reversed(self._get_params or [])}.values())[::-1]
    if isinstance(self._post_params, list):
        self._post_params = list({field[0]: field for field in reversed(self._post_params)}.values())[::-1]


web.Request.__init__ = made_of_distinct_fields

# What a button says (our `intent`) is left out of a form; without it no act is asked for. The first button of each.
forms_as_packaged = page.Page.iter_forms


# Acts that take a person away, perhaps the one whose scan runs beside: sqlmap has put them to the question.
TAKES_AWAY = {"endMembership", "switchAccount", "clearFactors", "endSession", "endOthers"}


def forms_with_buttons(self, autofill=True):
    for form in self.soup.find_all("form"):
        if any(field.get("value") in TAKES_AWAY for field in form.find_all(attrs={"name": "intent"})):
            form.decompose()
            continue
        for no, button in enumerate(form.find_all("button", attrs={"name": True})):
            if no > 0:
                del button["name"]
                continue
            button.name = "input"
            button["type"] = "hidden"
    yield from forms_as_packaged(self, autofill)


page.Page.iter_forms = forms_with_buttons

# A page is read anew for each place where a word comes back, 220 times where each row's link keeps the search; of places
# with the same text before them one stands for all.
places_as_packaged = xss_utils.replace_with_unique_values


def distinct_places(text, keyword):
    marked, places = places_as_packaged(text, keyword)

    def before(place):
        at = marked.index(place)
        return re.sub("[0-9a-f]{4,}|[0-9]+", "", marked[max(0, at - 60) : at])

    return marked, list({before(place): place for place in places}.values())


xss_utils.replace_with_unique_values = distinct_places

# Thirty ways to write a script, an event and an address get past as many filters. The product has none: what comes back is
# escaped or it is not, which one of each kind tells; of those that stay inside a tag all are tried.
payloads_as_packaged = xss_utils.load_payloads_from_ini


def one_of_each_kind(filename):
    def kind(payload):
        if not payload["close_tag"]:
            return payload["name"]
        attribute = payload["attribute"]
        return (payload["tag"][0] == "script", "event" if attribute.startswith("on") else attribute if payload["tag"][0] == "script" else "address")

    return list({kind(payload): payload for payload in reversed(payloads_as_packaged(filename))}.values())


xss_utils.load_payloads_from_ini = one_of_each_kind

sys.argv[0] = "wapiti"
sys.exit(wapiti_main())
