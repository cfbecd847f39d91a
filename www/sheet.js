// Keeps the page with the form true while it stays open: sign-up may open, close or fill up, and the organiser may change what the
// page says. www/form.js loads this when the page has been seen for a while. What is typed stays.

const FORM = 'form[action$="/create-user"]';
const HOME = new URL("./", import.meta.url);
const EVENTS = new URL("users/events?only=sheet", import.meta.url);

// A stream that is refused is asked for again after this time, then after twice as long each time.
const RETRY_MS = 15000;
const LONGEST_RETRY_MS = 120000;

// Screen readers hear of changes no more often than this.
const ANNOUNCE_MS = 15000;

const status = document.createElement("p");

let events = null;
let retry = null;
let retryMs = RETRY_MS;
let known = null;
let typed = "";
let announced = null;
let isToAnnounce = false;

const field = () => document.querySelector(`${FORM} input`);
const isSending = () => document.querySelector(`${FORM} [aria-disabled]`) !== null;

function announce() {
  isToAnnounce = announced !== null;
  if (isToAnnounce) return;
  announced = setTimeout(() => {
    announced = null;
    if (isToAnnounce) announce();
  }, ANNOUNCE_MS);
  status.textContent = document.querySelector("#shut")?.textContent ?? "Sign-up is open.";
}

function replace(part, page) {
  const now = page.querySelector(part);
  if (now) document.querySelector(part)?.replaceWith(now);
}

// A person who was in the form finds what has come in its place.
function moveFocus(start) {
  const now = field();
  const shut = document.querySelector(".shut");

  if (now) {
    now.focus({ preventScroll: true });
    now.setSelectionRange(start, start);
  } else if (shut) {
    shut.tabIndex = -1;
    shut.focus();
  }
}

async function show() {
  const response = await fetch(HOME, { headers: { Accept: "text/html" } });
  if (!response.ok || isSending()) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const before = field();
  const wasOpen = before !== null;
  const hadFocus = document.activeElement?.closest(FORM) !== null && wasOpen;
  const start = before?.selectionStart;

  typed = before?.value ?? typed;
  for (const part of ["header.site", "main", "footer"]) replace(part, page);
  document.title = page.title;
  if (field()) field().value = typed;
  if (hadFocus) moveFocus(start);
  else if (wasOpen !== (field() !== null)) announce();
}

// The first one of a stream says how things are: the page may be older. A form that is on its way has an answer of its own.
function onSheet({ data }) {
  const isNews = known === null ? (JSON.parse(data).state === "open") !== (field() !== null) : data !== known;

  known = data;
  if (isNews && !isSending()) show().catch(() => { known = null; });
}

function close() {
  events?.close();
  clearTimeout(retry);
  events = null;
}

function follow() {
  close();
  events = new EventSource(EVENTS);
  events.addEventListener("sheet", onSheet);
  events.addEventListener("open", () => { retryMs = RETRY_MS; });
  events.addEventListener("error", () => {
    if (events?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(follow, retryMs);
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  });
}

// A browser has six connections to a site over HTTP/1.1: a page that nobody sees must not keep one.
function followIfSeen() {
  if (document.hidden) close();
  else if (!events) follow();
}

status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", followIfSeen);
document.addEventListener("visibilitychange", followIfSeen);
followIfSeen();
