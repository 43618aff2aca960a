// What a page does beyond links and forms. Everything here may be missing: the page works without.
//
//   live      the server tells that something changed; the page fetches its parts anew
//   list      new rows come by themselves, or wait while somebody is busy in the list
//   writing   the draft, sending with Ctrl+Enter, what happens without a connection
//   keys      single keys press the button that carries them

const page = document.querySelector(".inbox");
const list = document.getElementById("list");
const body = document.body;
document.documentElement.classList.add("js");

const byId = (id) => document.getElementById(id);
const say = (words) => {
  const place = document.querySelector("[data-announce]");
  if (place && words) place.textContent = words;
};

// --- live ---

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const TOGETHER = 250;

class Live {
  constructor(town, seen, changed) {
    this.address = (after) => `/live?town=${encodeURIComponent(town)}&after=${after}`;
    this.seen = seen;
    this.changed = changed;
    this.wait = FIRST_WAIT;
    this.open();
  }

  open() {
    this.source = new EventSource(this.address(this.seen));
    this.source.addEventListener("hello", () => {
      this.wait = FIRST_WAIT;
      connected(true);
    });
    this.source.addEventListener("changed", (event) => {
      if (event.lastEventId) this.seen = event.lastEventId;
      this.changed(JSON.parse(event.data));
    });
    this.source.addEventListener("error", () => this.again());
  }

  again() {
    this.source.close();
    if (!navigator.onLine) connected(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.wait > 4 * FIRST_WAIT) connected(false);
      this.open();
    }, this.wait * (0.7 + 0.6 * Math.random()));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  now() {
    this.source.close();
    this.wait = FIRST_WAIT;
    clearTimeout(this.timer);
    this.open();
  }
}

function connected(yes) {
  const bar = document.querySelector("[data-offline]");
  if (bar) bar.hidden = yes;
  if (yes) sendKeptDraft();
}

async function part(url, target) {
  const headers = { "HX-Request": "true", "HX-Target": target };
  const answer = await fetch(url, { headers, credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  const fragment = document.createElement("template");
  fragment.innerHTML = await answer.text();
  return fragment.content;
}

const OURS = /^(conversation|post|outgoing|channel|hold)\.|^missed$/;
let asked = false;
let busy = false;

function changed(event) {
  refreshParts(event.kinds);
  if (!event.kinds.some((kind) => OURS.test(kind))) return;
  asked = true;
  if (!busy) refresh();
}

// Parts of a page that are simply fetched anew, unless somebody is in the middle of them.
async function refreshParts(kinds) {
  for (const place of document.querySelectorAll("[data-live]")) {
    if (!kinds.includes(place.dataset.live) && !kinds.includes("missed")) continue;
    const fresh = (await part(location.href, place.id).catch(() => null))?.firstElementChild;
    const free = !place.contains(document.activeElement) && place.getBoundingClientRect().top > 0;
    if (fresh && free && fresh.dataset.newest !== place.dataset.newest) place.replaceWith(fresh);
  }
}

async function refresh() {
  busy = true;
  while (asked) {
    asked = false;
    try {
      await Promise.all([refreshList(), refreshThread()]);
    } catch {
      // The next event, or the next connection, brings it all the same.
    }
    await new Promise((done) => setTimeout(done, TOGETHER));
  }
  busy = false;
}

// --- list ---

const rowIds = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.dataset.row);
let waiting = null;

async function refreshList() {
  if (!list) return;
  const url = new URL(list.dataset.url, location.href);
  if (list.dataset.selected !== "0") url.searchParams.set("selected", list.dataset.selected);
  const fragment = await part(url, "list");
  for (const name of ["hearing", "tabs"]) replaceIfOther(`[data-part=${name}]`, fragment);
  showCount();
  const rows = fragment.querySelector("[data-part=rows]");
  const known = new Set(rowIds(list));
  const fresh = rowIds(rows).filter((id) => !known.has(id));
  if (fresh.length && (list.contains(document.activeElement) || scrolled(list) || list.dataset.longer)) {
    waiting = rows;
    showArrived(fresh.length);
  } else if (!list.dataset.longer) {
    showRows(rows, fresh);
  }
}

function replaceIfOther(selector, fragment) {
  const now = document.querySelector(selector);
  const then = fragment.querySelector(selector);
  if (now && then && now.innerHTML.trim() !== then.innerHTML.trim() && !now.contains(document.activeElement)) {
    now.innerHTML = then.innerHTML;
  }
}

const scrolled = (box) => box.scrollTop > 8 || (box.scrollHeight <= box.clientHeight && window.scrollY > 8);

function showRows(rows, fresh) {
  waiting = null;
  showArrived(0);
  if (list.innerHTML.trim() === rows.innerHTML.trim()) return;
  const focus = list.contains(document.activeElement) ? document.activeElement.id : "";
  const top = list.scrollTop;
  list.innerHTML = rows.innerHTML;
  list.scrollTop = top;
  if (focus) (byId(focus) ?? list).focus({ preventScroll: true });
  for (const id of fresh) byId(`row-${id}`)?.classList.add("row-link--arrived");
  if (fresh.length) say(newWords(fresh.length));
  globalThis.htmx?.process(list);
}

const newWords = (count) => (byId("keys")?.dataset.missed ?? "{n}").replace("{n}", count);

function showArrived(count) {
  const button = document.querySelector("[data-arrived]");
  if (!button) return;
  button.hidden = !count;
  button.textContent = newWords(count);
  if (count) say(newWords(count));
}

function showWaiting() {
  const rows = waiting;
  if (!rows) return;
  delete list.dataset.longer;
  const known = new Set(rowIds(list));
  showRows(rows, rowIds(rows).filter((id) => !known.has(id)));
  list.scrollTop = 0;
  list.querySelector("[data-row]")?.focus();
}

function showCount() {
  const there = document.querySelector("[data-part=tabs] .count");
  const rail = document.querySelector("[data-count=inbox]");
  if (rail?.firstChild) rail.firstChild.textContent = there ? there.textContent : "0";
}

async function showOlder(link) {
  const fragment = await part(link.href, "list");
  const rows = fragment.querySelector("[data-part=rows]");
  const first = rowIds(rows)[0];
  const groups = [...list.querySelectorAll("h2.group")];
  const head = rows.querySelector("h2.group");
  if (head && groups.at(-1)?.textContent === head.textContent) head.remove();
  rows.querySelectorAll(".list-note").forEach((note) => note.remove());
  link.closest(".older").replaceWith(...rows.childNodes);
  list.dataset.longer = "yes";
  byId(`row-${first}`)?.focus();
}

function move(step) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement.closest("[data-row]"));
  const current = rows.findIndex((row) => row.getAttribute("aria-current"));
  const next = here >= 0 ? here + step : current >= 0 ? current + step : 0;
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
}

// --- the conversation ---

async function refreshThread() {
  const thread = byId("thread");
  if (!thread?.dataset.url) return;
  const url = new URL(thread.dataset.url, location.href);
  const chosen = document.querySelector("input[name=post][form]:checked");
  // Where the chosen post is gone and nobody chose another, nothing may be chosen in its place.
  if (document.querySelector("input[name=post][form]")) url.searchParams.set("to", chosen?.value ?? "");
  const fragment = await part(url, "thread");
  const fresh = fragment.querySelector(".tree");
  const now = thread.querySelector(".tree");
  if (!fresh || !now || now.innerHTML === fresh.innerHTML) return;
  const known = new Set([...now.querySelectorAll(".leaf")].map((leaf) => leaf.id));
  keepPlace(thread, () => now.replaceWith(fresh));
  if (chosen && !document.querySelector("input[name=post][form]:checked")) byId("answer-text")?.dispatchEvent(new Event("input", { bubbles: true }));
  const added = [...fresh.querySelectorAll(".leaf")].filter((leaf) => !known.has(leaf.id));
  if (added.length) say(added.map((leaf) => leaf.querySelector(".post__head")?.textContent.replace(/\s+/g, " ")).join(" "));
}

// Swap what is inside, and leave reader, focus and opened parts where they were.
function keepPlace(box, swap) {
  const edge = Math.max(box.getBoundingClientRect().top, 0);
  const anchor = [...box.querySelectorAll(".leaf")].find((leaf) => leaf.getBoundingClientRect().bottom > edge + 1);
  const before = anchor?.getBoundingClientRect().top;
  const atEnd = box.scrollHeight > box.clientHeight && box.scrollTop + box.clientHeight > box.scrollHeight - 24;
  const opened = [...box.querySelectorAll("details[open][id]")].map((one) => one.id);
  const focused = box.contains(document.activeElement) ? pathOf(document.activeElement) : null;
  swap();
  for (const id of opened) byId(id)?.setAttribute("open", "");
  if (focused) find(focused)?.focus({ preventScroll: true });
  if (atEnd) box.scrollTop = box.scrollHeight;
  else if (anchor) shift(box, (byId(anchor.id)?.getBoundingClientRect().top ?? before) - before);
}

function shift(box, by) {
  if (!by) return;
  if (box.scrollHeight > box.clientHeight) box.scrollTop += by;
  else window.scrollBy(0, by);
}

function pathOf(element) {
  const leaf = element.closest(".leaf");
  return leaf && { leaf: leaf.id, at: [...leaf.querySelectorAll(FOCUSABLE)].indexOf(element) };
}

const FOCUSABLE = "a, button, input, summary";
const find = (path) => byId(path.leaf)?.querySelectorAll(FOCUSABLE)[path.at];

// --- writing ---

const form = byId("answer-form");
const text = byId("answer-text");
const send = form?.querySelector("[data-send]");
const keptName = page?.dataset.conversation && `plein-draft-${body.dataset.town}-${page.dataset.conversation}`;
let unsaved = false;

function showSend() {
  if (!send) return;
  const empty = !text.value.trim();
  if (empty) send.setAttribute("aria-disabled", "true");
  else send.removeAttribute("aria-disabled");
  send.querySelector("[data-why]").hidden = !empty;
}

function keepHere() {
  if (keptName && unsaved) localStorage.setItem(keptName, text.value);
}

async function sendKeptDraft() {
  const kept = keptName && text && localStorage.getItem(keptName);
  if (!kept) return;
  const data = new FormData(form);
  data.set("text", kept);
  const answer = await fetch(form.dataset.draft, { method: "POST", body: data, credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  localStorage.removeItem(keptName);
  unsaved = false;
  byId("saved").textContent = await answer.text();
}

if (form) {
  showSend();
  const kept = localStorage.getItem(keptName);
  if (kept && !text.value) {
    text.value = kept;
    showSend();
  }
  text.addEventListener("input", () => {
    unsaved = true;
    showSend();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.getAttribute("aria-disabled") || form.dataset.sending) {
      event.preventDefault();
      text.focus();
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      keepHere();
      connected(false);
      return;
    }
    form.dataset.sending = "yes";
    unsaved = false;
    localStorage.removeItem(keptName);
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "saved") return;
    if (event.detail.successful) {
      unsaved = false;
      localStorage.removeItem(keptName);
    } else {
      keepHere();
    }
  });
  // Somebody leaves within the second that a draft waits to be saved.
  addEventListener("pagehide", () => {
    if (unsaved) fetch(form.dataset.draft, { method: "POST", body: new FormData(form), keepalive: true, credentials: "same-origin" }).catch(keepHere);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) delete form.dataset.sending;
  });
}

body.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.textContent = copy.dataset.copied;
    say(copy.dataset.copied);
  }
  const older = event.target.closest("[data-older]");
  if (older && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    showOlder(older).catch(() => location.assign(older.href));
  }
  if (event.target.closest("[data-arrived]")) showWaiting();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- keys ---

const inField = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function press(key) {
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === key);
  wanted?.click();
  return Boolean(wanted);
}

function back() {
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (location.hash === "#side") {
    location.hash = "#thread";
  } else if (document.activeElement === text) {
    byId("thread").focus({ preventScroll: true });
  } else if (list && matchMedia("(min-width: 800px)").matches) {
    (list.querySelector("[aria-current]") ?? list.querySelector("[data-row]") ?? list).focus();
  } else {
    [...document.querySelectorAll(".back")].find((link) => link.offsetParent)?.click();
  }
}

function write() {
  if (!text) return false;
  const phone = document.querySelector(".only-phone .button");
  if (phone?.offsetParent) phone.click();
  else text.focus();
  return true;
}

function single(event) {
  const key = event.key.toLowerCase();
  if (key === "arrowdown" || key === "arrowup") return list ? (move(key === "arrowdown" ? 1 : -1), true) : false;
  if (key === "/") return document.querySelector("[data-search]")?.focus() ?? Boolean(document.querySelector("[data-search]"));
  if (key === "?") return byId("keys")?.showModal() ?? Boolean(byId("keys"));
  if (key === "r") return write();
  return press(key);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.activeElement === text) {
    event.preventDefault();
    form.requestSubmit(send);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    back();
    return;
  }
  if (body.dataset.keys !== "on" || inField(event.target)) return;
  if (event.key.startsWith("Arrow") && event.target.matches("[type=radio]")) return;
  if (event.key.startsWith("Arrow") && event.target.closest("#thread, .pane--side, dialog, summary")) return;
  if (single(event)) event.preventDefault();
});

// --- start ---

for (const one of document.querySelectorAll("[data-focus]")) one.focus();

if (list) {
  const place = `plein-list-${list.dataset.url}`;
  if (!document.querySelector("[autofocus]")) list.scrollTop = Number(sessionStorage.getItem(place) ?? 0);
  addEventListener("pagehide", () => sessionStorage.setItem(place, list.scrollTop));
  list.addEventListener("scroll", () => !scrolled(list) && waiting && !list.contains(document.activeElement) && showWaiting(), { passive: true });
}
const thread = byId("thread");
if (thread && !location.hash) {
  const chosen = thread.querySelector(".leaf:has(:checked)");
  const low = chosen && chosen.getBoundingClientRect().bottom - thread.getBoundingClientRect().bottom;
  if (low > 0) thread.scrollTop += low + 20;
}

if ((page || document.querySelector("[data-live]")) && body.dataset.town) {
  const live = new Live(body.dataset.town, page?.dataset.seen ?? "", changed);
  addEventListener("online", () => live.now());
  addEventListener("offline", () => connected(false));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && live.source.readyState === EventSource.CLOSED) live.now();
  });
}
