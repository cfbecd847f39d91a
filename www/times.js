// The exact time on the page of a user: in the time zone of the device, which is named. Without this the page has it in UTC.

const DAY = { day: "numeric", month: "long", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "long" };

// As the server writes it, in the language of the page: 28 November 2026, 09:14:03 UTC.
const format = (time, parts) => new Intl.DateTimeFormat("en-GB", parts).format(time);

for (const element of document.querySelectorAll(".facts time")) {
  const time = new Date(element.dateTime);
  element.textContent = `${format(time, DAY)}, ${format(time, CLOCK)}`;
}
