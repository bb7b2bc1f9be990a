// A metronome that the browser does not slow down when the page is hidden, unlike the page's own
// timers. What it drives is decided in `socket.ts`.
setInterval(() => postMessage(0), 250);
