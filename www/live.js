// Keeps the newest page of the list live: new users appear at its top as they sign up, and times stay right. The page is
// complete without this. Nothing moves while the list is in use: its new users wait for a button.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// If the server refuses a stream (too many, in all or from this network), the page asks again after this time, and then
// after twice as long each time, up to the longest.
const RETRY_MS = 15000;
const LONGEST_RETRY_MS = 120000;

// Screen readers hear a summary at this interval, not each name.
const ANNOUNCE_MS = 15000;

// In the browser's storage while the reader has paused updates.
const PAUSED = "rollcall-paused";

const place = document.querySelector("[data-live]");
const status = document.querySelector("[data-live-status]");
const count = document.querySelector("strong.count");
const isEmpty = place?.dataset.liveEmpty !== undefined;
const most = Number(place?.dataset.most) || 50;
const pause = button("pause", "Pause updates");
const show = button("show-new", "");
let older = document.querySelector('a[rel="next"]');
let events = null;
let retry = null;
let retryMs = RETRY_MS;
let arrived = 0;
let waiting = [];
let isPaused = false;
let isPointedAt = false;
let isTouched = false;

// Milliseconds from the device's clock to the server's, once it is known.
let clockOffset = null;

function button(name, text) {
  const element = document.createElement("button");

  element.type = "button";
  element.className = name;
  element.textContent = text;
  return element;
}

function ago(number, unit) {
  return `${number} ${unit}${number === 1 ? "" : "s"} ago`;
}

// In the words of the server; null if it shows the date.
function relative(seconds) {
  if (seconds < MINUTE) return "just now";
  if (seconds < HOUR) return ago(Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return ago(Math.floor(seconds / HOUR), "hour");
  if (seconds < 7 * DAY) return ago(Math.floor(seconds / DAY), "day");
  return null;
}

// In the format of the server: 24 Nov 2026, 23:17 UTC.
function exact(created) {
  const [, day, month, year, clock] = new Date(created).toUTCString().split(" ");
  return `${Number(day)} ${month} ${year}, ${clock.slice(0, 5)} UTC`;
}

// The device's clock may be wrong. The first words are the server's own, so this is asked for when they are a minute old.
async function readClockOffset() {
  try {
    const response = await fetch("/users", { method: "HEAD", cache: "no-store" });
    const offset = Date.parse(response.headers.get("Date")) - Date.now();
    return Number.isNaN(offset) ? null : offset;
  } catch {
    return null;
  }
}

async function refreshTimes() {
  if (isPaused || document.hidden) return;
  clockOffset ??= await readClockOffset();
  if (clockOffset === null) return;
  for (const time of document.querySelectorAll("main time")) {
    const words = relative((Date.now() + clockOffset - Date.parse(time.dateTime)) / 1000);
    if (words !== null && time.textContent !== words) time.textContent = words;
  }
}

function itemOf(user) {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  const time = document.createElement("time");

  item.id = `user-${user.number}`;
  item.className = "arrived";
  name.textContent = user.username;
  time.dateTime = user.created;
  time.title = exact(user.created);
  time.textContent = relative(0);
  item.append(name, " ", time);
  return item;
}

// What the server writes when the list is longer than a page. Returns the link to the next page.
function becomeFirstPage() {
  const pages = document.createElement("nav");
  const link = document.createElement("a");

  pages.className = "pages";
  pages.setAttribute("aria-label", "Pages");
  link.rel = "next";
  link.textContent = "Older";
  pages.append(link);
  place.after(pages);
  count.before(`1 to ${most.toLocaleString("en")} of `);
  return link;
}

// The page keeps its length; the link to the next page follows its end.
function trim() {
  if (place.children.length > most) older ??= becomeFirstPage();
  while (place.children.length > most) place.lastElementChild.remove();
  const last = place.lastElementChild.id.replace("user-", "");
  if (older) older.href = `/users?before=${last}`;
}

function showCount() {
  const users = Number.parseInt(count.textContent.replaceAll(",", ""), 10) + 1;
  count.textContent = `${users.toLocaleString("en")} ${users === 1 ? "user" : "users"}`;
}

function announce() {
  if (arrived === 0 || !status) return;
  status.textContent = arrived === 1 ? "1 new user has signed up." : `${arrived} new users have signed up.`;
  arrived = 0;
}

function isInUse() {
  return isPointedAt || isTouched || place.contains(document.activeElement);
}

// In the order of their numbers. Without a list yet the page has to be loaded again; nothing is typed into it.
function insert(users) {
  if (isEmpty) {
    close();
    location.reload();
    return;
  }
  for (const user of users) {
    place.prepend(itemOf(user));
    showCount();
  }
  trim();
}

function showWaiting() {
  show.textContent = `Show ${waiting.length} new ${waiting.length === 1 ? "user" : "users"}`;
  show.hidden = waiting.length === 0;
}

function onUser(event) {
  const user = JSON.parse(event.data);

  place.dataset.live = `/users/events?after=${user.number}`;
  if (document.getElementById(`user-${user.number}`) || waiting.some(({ number }) => number === user.number)) return;
  arrived += 1;
  // Later users wait for earlier ones, else they would appear in the wrong order.
  if (waiting.length === 0 && !isInUse()) {
    insert([user]);
    return;
  }
  waiting.push(user);
  showWaiting();
}

// The button that was pressed goes away, so the focus moves to the one beside it.
function onShow() {
  const hadFocus = document.activeElement === show;

  insert(waiting);
  waiting = [];
  showWaiting();
  if (hadFocus) pause.focus({ preventScroll: true });
}

function close() {
  events?.close();
  clearTimeout(retry);
  events = null;
  retry = null;
}

// An EventSource reconnects by itself when a stream ends, with the id of its last event; but not after a response that is no
// stream.
function follow() {
  close();
  events = new EventSource(place.dataset.live);
  events.addEventListener("user", onUser);
  events.addEventListener("open", () => { retryMs = RETRY_MS; });
  events.addEventListener("error", () => {
    if (events?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(follow, retryMs);
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  });
}

// A browser has six connections to a site over HTTP/1.1: a list that nobody sees must not keep one. When it is seen again it
// goes on after the last user it has had.
function followIfSeen() {
  if (document.hidden || isPaused) close();
  else if (!events) follow();
}

// Time has passed unseen, and the device may have set its clock.
function onReturn() {
  clockOffset = null;
  refreshTimes();
  followIfSeen();
}

// A browser may refuse its storage. Then the choice lasts as long as the page.
function readPaused() {
  try {
    return localStorage.getItem(PAUSED) !== null;
  } catch {
    return false;
  }
}

function storePaused() {
  try {
    if (isPaused) localStorage.setItem(PAUSED, "");
    else localStorage.removeItem(PAUSED);
  } catch {
    // As above.
  }
}

function setPaused(value) {
  isPaused = value;
  pause.setAttribute("aria-pressed", value);
}

function onPause() {
  setPaused(!isPaused);
  storePaused();
  if (!isPaused) refreshTimes();
  followIfSeen();
}

function addButtons() {
  const arrivals = document.createElement("div");

  arrivals.className = "arrivals";
  arrivals.append(show);
  show.hidden = true;
  show.addEventListener("click", onShow);
  place.before(arrivals);
  if (isEmpty) return;
  setPaused(readPaused());
  pause.addEventListener("click", onPause);
  document.querySelector("h1").before(pause);
}

// A finger that scrolls ends its pointer, but not its touch.
function watchUse() {
  place.addEventListener("pointerenter", ({ pointerType }) => { isPointedAt = pointerType !== "touch"; });
  place.addEventListener("pointerleave", () => { isPointedAt = false; });
  for (const type of ["touchstart", "touchend", "touchcancel"]) {
    place.addEventListener(type, ({ targetTouches }) => { isTouched = targetTouches.length > 0; }, { passive: true });
  }
}

if (place) {
  addButtons();
  watchUse();
  // A page in the browser's back/forward cache must not keep a connection.
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", ({ persisted }) => { (persisted ? onReturn : followIfSeen)(); });
  document.addEventListener("visibilitychange", () => { (document.hidden ? close : onReturn)(); });
  setInterval(refreshTimes, MINUTE * 1000);
  setInterval(announce, ANNOUNCE_MS);
}
