// Keeps the newest page of the list live: new users appear at its top as they sign up, and times stay right. The page is
// complete without this.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// If the server refuses a stream (too many, in all or from this network), the page asks again after this time, and then
// after twice as long each time, up to the longest.
const RETRY_MS = 15000;
const LONGEST_RETRY_MS = 120000;

// Screen readers hear a summary at this interval, not each name.
const ANNOUNCE_MS = 3000;

const place = document.querySelector("[data-live]");
const status = document.querySelector("[data-live-status]");
const count = document.querySelector("strong.count");
const older = document.querySelector('a[rel="next"]');
const most = Number(place?.dataset.most) || 50;
let events = null;
let retry = null;
let retryMs = RETRY_MS;
let arrived = 0;

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

function refreshTimes() {
  for (const time of document.querySelectorAll("main time")) {
    const words = relative((Date.now() - Date.parse(time.dateTime)) / 1000);
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

// The page keeps its length; the link to the next page follows its end.
function trim() {
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

function onUser(event) {
  const user = JSON.parse(event.data);

  // Without a list yet, or a link to an older page yet, the page has to be loaded again.
  if (place.dataset.liveEmpty !== undefined || (place.children.length >= most && !older)) {
    close();
    location.reload();
    return;
  }
  place.dataset.live = `/users/events?after=${user.number}`;
  if (document.getElementById(`user-${user.number}`)) return;
  place.prepend(itemOf(user));
  trim();
  showCount();
  arrived += 1;
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

if (place) {
  // A page in the browser's back/forward cache must not keep a connection.
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", follow);
  setInterval(refreshTimes, MINUTE * 1000);
  setInterval(announce, ANNOUNCE_MS);
}
