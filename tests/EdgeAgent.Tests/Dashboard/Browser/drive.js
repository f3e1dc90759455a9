// Drives the local page with a real browser and prints one JSON object of what it saw; the test judges it.
// node drive.js CHROMIUM VISITS [FOLDER FOR SCREENSHOTS]; says "ready", then waits for a line "BASE TOKEN": a slow start of the browser misses nothing.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [chromiumPath, visits, shots] = process.argv.slice(2);
const seen = { hosts: new Set(), problems: [], inside: [], visits: [] };

// As root in a container Chromium has no sandbox of its own; it talks to this machine only.
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'] });
console.log('ready');
const [base, token] = (await new Promise(said => createInterface({ input: process.stdin }).once('line', said))).split(' ');
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
context.setDefaultTimeout(20000);
const page = await context.newPage();
context.on('request', request => seen.hosts.add(new URL(request.url()).origin));
page.on('pageerror', error => seen.problems.push(String(error)));
page.on('console', message => { if (message.type() === 'error' && !/status of (401|422)/.test(message.text())) seen.problems.push(message.text()); });

const shot = async name => { if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }); };
const text = selector => page.textContent(selector);
const settled = () => page.waitForResponse(answer => answer.url().endsWith('/try'));
const count = async id => { await page.waitForTimeout(150); return text(`[data-count="${id}"]`); };

// Who has no token sees nothing.
const wrong = await page.goto(`${base}/?token=wrong`);
seen.wrong = { status: wrong.status(), text: await text('main') };
await shot('enter-1280');

await page.fill('#token', token);
await page.click('button');
await page.waitForSelector('#visits');
seen.address = page.url();
const cookie = (await context.cookies()).find(c => c.name.startsWith('edge-agent'));
seen.cookie = { httpOnly: cookie.httpOnly, sameSite: cookie.sameSite };

// Counts move while the shop is open.
const until = Date.now() + 60000;
while (Date.now() < until) {
  for (const id of ['inside', 'visits']) {
    const now = Number(await text(`#${id}`));
    if (seen[id].at(-1) !== now) seen[id].push(now);
  }
  if (seen.visits.at(-1) === Number(visits) && seen.inside.at(-1) === 0) break;
  await page.waitForTimeout(50);
}
await shot('moved-1280');
await page.waitForFunction(() => document.querySelector('#held').textContent === '1' && document.querySelectorAll('.bag').length === 5);
await page.waitForFunction(() => document.querySelector('.card .note').textContent.startsWith('People are figures'));
await page.click('.bag:nth-of-type(2) summary');
seen.bag = await text('.bag:nth-of-type(2)');
await shot('overview-1280');
seen.wide = await page.evaluate(() => document.documentElement.scrollWidth);

// A line across the way of everybody counts them; elsewhere it counts nobody; turned round it counts the other way.
await page.click('text=Lines and zones');
await page.waitForSelector('#stage svg polyline.way');
const stage = await page.locator('#stage').boundingBox();
const at = (x, y) => [stage.x + x * stage.width, stage.y + y * stage.height];
seen.before = { door: await count('exit'), ways: await page.locator('polyline.way').count() };
await page.click('#add-line');
await page.mouse.click(...at(0.6, 0.02));
let tried = settled();
await page.mouse.click(...at(0.6, 0.98));
await tried;
await page.waitForSelector('[data-count="line-1"]');
seen.line = { across: await count('line-1'), counted: await page.locator('polyline.way.counted').count() };
await shot('editor-1280');
tried = settled();
await page.click('text=Turn round');
await tried;
seen.line.round = await count('line-1');
for (const [end, x] of [['from', '0.01'], ['to', '0.02']]) {
  for (const [axis, value] of [['x', x], ['y', end === 'from' ? '0.01' : '0.05']]) {
    tried = settled();
    await page.fill(`[aria-label="line-1 ${end} ${axis}"]`, value);
    await page.keyboard.press('Tab');
    await tried;
  }
}
seen.line.away = await count('line-1');

await page.click('#add-zone');
for (const corner of [[0.3, 0.3], [0.7, 0.3], [0.7, 0.98], [0.3, 0.98]]) await page.mouse.click(...at(...corner));
tried = settled();
await page.click('#done');
await tried;
seen.zone = await count('zone-1');

// What is no configuration is said, with its place.
tried = settled();
await page.fill('.shape input[value="line-1"]', 'Line One');
await page.keyboard.press('Tab');
await tried;
await page.waitForSelector('.errors li');
seen.error = await text('.errors');
await page.fill('.shape [aria-label="Name"]', 'aisle');
await page.keyboard.press('Tab');
await page.waitForFunction(() => !document.querySelector('.errors li'));
await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base });
await page.click('#copy');
await page.waitForTimeout(100);
seen.copied = await page.evaluate(() => navigator.clipboard.readText());
const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
seen.download = download.suggestedFilename();
if (await page.locator('#save').count()) {
  await page.click('#save');
  await page.waitForFunction(() => document.querySelector('#editor .note[aria-live]').textContent.startsWith('Saved'));
  seen.saved = await text('#editor .note[aria-live]');
}

// On a phone, and in the dark.
await page.setViewportSize({ width: 390, height: 844 });
await page.waitForTimeout(300);
await shot('editor-390');
seen.narrowEditor = await page.evaluate(() => document.documentElement.scrollWidth);
await page.click('text=Overview');
await page.waitForSelector('#visits');
await page.waitForTimeout(300);
await shot('overview-390');
seen.narrow = await page.evaluate(() => document.documentElement.scrollWidth);
await page.emulateMedia({ colorScheme: 'dark' });
await page.setViewportSize({ width: 1280, height: 900 });
await page.waitForTimeout(300);
await shot('dark-1280');

await browser.close();
process.stdin.destroy();
console.log(JSON.stringify({ ...seen, hosts: [...seen.hosts] }));
