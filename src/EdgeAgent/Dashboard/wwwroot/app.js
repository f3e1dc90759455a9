import { byId, h, list, money, paintView, stateBadge, time, words } from './dom.js';
import { hours, spread } from './charts.js';
import { closeEditor, openEditor } from './editor.js';

let last = null;
const drawn = {};

// A part is made anew only when what it shows has changed: open details and the reader's place stay.
function part(id, data, make) {
  const key = JSON.stringify(data);
  if (drawn[id] === key) return;
  drawn[id] = key;
  const open = new Set([...byId(id).querySelectorAll('details[open]')].map(d => d.dataset.key));
  byId(id).replaceChildren(...make());
  for (const details of byId(id).querySelectorAll('details')) details.open = open.has(details.dataset.key);
}

function show(view) {
  last = view;
  const day = view.day;
  document.title = `${view.store}: ${day.inside} inside`;
  byId('store').textContent = view.store;
  byId('clock').textContent = `${view.isLive ? '' : 'replay, '}${time(day.at)}`;
  const state = byId('state');
  state.textContent = view.state ? words(view.state) : 'replay';
  state.className = `badge ${!view.check.ok ? 'bad' : view.faults.length ? 'warn' : 'good'}`;
  part('faults', view.faults, () => view.faults.map(fault));
  part('tiles', [day.inside, day.visits, day.exits, day.settled, day.held, view.health?.outbox], () => tiles(view));
  cameras(view);
  part('gates', [day.gates, day.readers, view.health?.readers], () => day.gates.map(gate => gateCard(gate, view)));
  part('charts', [day.visitsByHour, day.exitsByHour, day.dwell, day.decision], () =>
    [hours(day), spread('Length of visits', day.dwell, 'min'), spread('Time to decide a bag', day.decision, 's')]);
  part('box', [view.config, view.models, view.health?.link, view.health?.outbox, view.health?.storage, view.lastAcknowledged, Math.round((view.health?.uptimeSeconds ?? 0) / 60)], () => boxCards(view));
}

const fault = f => h('div', { class: `fault ${['camera', 'reader', 'box', 'storage'].includes(f.what) ? '' : 'mild'}` },
  h('strong', {}, `${f.what} ${f.id}`.trim(), ': ', words(f.reason)), ' ', f.since ? h('small', {}, `since ${time(f.since)}`) : null, h('div', {}, f.todo));

const tile = (id, value, name) => h('div', { class: 'tile' }, h('b', { id }, String(value)), h('span', {}, name));

function tiles(view) {
  const day = view.day, outbox = view.health?.outbox;
  const tilesNow = [
    tile('inside', day.inside, 'inside now'), tile('visits', day.visits, 'visits today'), tile('exits', day.exits, 'exits today'),
    tile('settled', day.settled, 'bags settled'), tile('held', day.held, 'bags held'),
  ];
  if (outbox) tilesNow.push(tile('waiting', outbox.settlements + outbox.visits + outbox.observations, 'events waiting'));
  return tilesNow;
}

// Camera cards stay: their canvases hold a picture.
const cards = new Map();

function cameras(view) {
  const ids = view.day.cameras.map(c => c.id);
  for (const [id, card] of cards) if (!ids.includes(id)) { card.root.remove(); cards.delete(id); }
  for (const camera of view.day.cameras) {
    let card = cards.get(camera.id);
    if (!card) {
      card = { facts: h('div'), canvas: h('canvas', { class: 'view', width: 576, height: 324, role: 'img', 'aria-label': `Veiled view of ${camera.id}` }), note: h('p', { class: 'note' }), seen: '' };
      card.root = h('article', { class: 'card', 'data-camera': camera.id }, card.canvas, card.note, card.facts,
        h('div', { class: 'row' }, h('a', { class: 'button', href: `#draw/${camera.id}` }, 'Lines and zones')));
      cards.set(camera.id, card);
      byId('cameras').append(card.root);
      look(camera.id, card);
    }
    const health = view.health?.cameras.find(c => c.id === camera.id);
    const facts = JSON.stringify([camera, health]);
    if (facts !== card.seen) {
      card.seen = facts;
      card.facts.replaceChildren(...cameraFacts(camera, health));
    }
  }
}

function cameraFacts(camera, health) {
  const pairs = [['people in view', camera.people], ['analysed', `${camera.analysedFps} a second${health ? ` of ${health.wantedFps} wanted` : ''}`], ['last picture', time(camera.lastPicture)]];
  if (health) pairs.push(['read', `${health.fps} a second`], ['dropped', health.dropped]);
  if (health?.step) pairs.push(['thinned out', `step ${health.step} of 5: the box cannot keep up`]);
  for (const line of camera.lines) pairs.push([line.id, `in ${line.in}, out ${line.out}`]);
  for (const zone of camera.zones) pairs.push([zone.id, `${zone.people} there now`]);
  return [h('div', { class: 'head' }, h('h3', {}, camera.id), stateBadge(camera.state, camera.reason)), list(pairs)];
}

async function look(id, card) {
  while (cards.get(id) === card) {
    let there = true;
    if (!document.hidden && !byId('overview').hidden) {
      there = await paintView(id, card.canvas).catch(() => false);
      card.note.textContent = there ? 'People are figures; the shop behind them is blurred.' : 'No view yet: none has been asked for, or the camera sends no pictures.';
    }
    await new Promise(done => setTimeout(done, there ? 1000 : 250));
  }
}

function gateCard(gate, view) {
  const readers = view.day.readers.filter(reader => gate.readers.includes(reader.id));
  return h('article', { class: 'card', 'data-gate': gate.id },
    h('div', { class: 'head' }, h('h3', {}, gate.id), h('span', { class: `badge ${gate.armed ? 'good' : 'bad'}` }, gate.armed ? 'armed' : 'disarmed')),
    list([['tags at the gate now', gate.tagsNow], ['settled, held today', `${gate.settled}, ${gate.held}`]]),
    ...readers.map(reader => readerTable(reader, view.health?.readers.find(r => r.id === reader.id))),
    h('h2', {}, 'Last bags'),
    gate.bags.length ? h('div', { class: 'bags' }, gate.bags.map(bag => bagDetails(bag, view))) : h('p', { class: 'note' }, 'None since the start.'));
}

function readerTable(reader, health) {
  const antenna = a => {
    const more = health?.antennas.find(x => x.id === a.id);
    return h('tr', {}, h('td', {}, `${a.id} ${words(a.zone)}`), h('td', { class: 'n' }, String(a.readsPerSecond)), h('td', { class: 'n' }, more?.unplugged ? 'unplugged' : time(a.lastRead)));
  };
  return h('div', {},
    h('div', { class: 'head' }, h('span', {}, reader.id), h('span', {}, `${reader.readsPerSecond} reads/s `), stateBadge(reader.state, reader.reason)),
    h('table', {}, h('tr', {}, h('th', {}, 'antenna'), h('th', { class: 'n' }, 'reads/s'), h('th', { class: 'n' }, 'last read')), reader.antennas.map(antenna)));
}

function bagDetails(bag, view) {
  const why = bag.reasons.map(reason => h('li', {}, h('strong', {}, words(reason)), ' – ', view.holds.find(w => w.word === reason)?.todo ?? ''));
  return h('details', { class: 'bag', 'data-key': bag.at },
    h('summary', {}, h('span', { class: `badge ${bag.settled ? 'good' : 'warn'}` }, bag.settled ? 'settled' : 'held'), h('span', {}, time(bag.at)),
      h('span', {}, `${bag.items.length} item${bag.items.length === 1 ? '' : 's'}`), bag.settled ? null : h('span', { class: 'why' }, bag.reasons.map(words).join(', ')), h('span', { class: 'sum' }, money(bag.total, view.currency))),
    why.length ? h('ul', {}, why) : null,
    h('p', { class: 'note' }, `Whose bag it is: ${(bag.shopper * 100).toFixed(0)} % sure of ${bag.candidates} candidate${bag.candidates === 1 ? '' : 's'}. Decided ${bag.decisionSeconds} s after the last read.`),
    h('table', {}, h('tr', {}, h('th', {}, 'product'), h('th', { class: 'n' }, 'price'), h('th', { class: 'n' }, 'left'), h('th', { class: 'n' }, 'reads')),
      bag.items.map(item => h('tr', {}, h('td', {}, item.gtin ?? 'no product'), h('td', { class: 'n' }, money(item.price, view.currency)),
        h('td', { class: 'n' }, `${(item.p * 100).toFixed(0)} %`), h('td', { class: 'n' }, String(item.reads))))),
    bag.notBilled.length ? h('p', { class: 'note' }, 'Heard and not billed: ' + bag.notBilled.map(n => `${n.tags} ${words(n.why)}`).join(', ') + '.') : null);
}

function boxCards(view) {
  const { config, health } = view;
  const card = (title, ...content) => h('article', { class: 'card' }, h('h3', {}, title), ...content);
  const cardsNow = [card('Configuration', list([['version', config.version], ['last document', config.desiredVersion == null ? 'none' : `${config.desiredVersion} ${words(config.outcome)}`]]),
    config.errors.length ? h('ul', { class: 'errors' }, config.errors.map(e => h('li', {}, `${e.path}: ${e.message}`))) : h('p', { class: 'note' }, 'No errors.'))];
  cardsNow.push(card('Models', view.models.length
    ? h('table', {}, view.models.map(m => h('tr', {}, h('td', {}, m.role), h('td', {}, m.name, m.isSynthetic ? ' (synthetic)' : '', m.isPushed ? ' (sent here)' : ''), h('td', { class: 'n' }, m.sha256.slice(0, 8)))))
    : h('p', { class: 'note' }, 'None.')));
  if (health) {
    const outbox = health.outbox, link = health.link, acked = view.lastAcknowledged;
    cardsNow.push(card('Outbox', list([['settlements waiting', outbox.settlements], ['visits waiting', outbox.visits], ['observations waiting', outbox.observations],
      ['oldest', `${outbox.oldestSeconds} s`], ['dead', health.deadLetters], ['let go', health.eventsShed],
      ['last acknowledged', acked ? `${acked.topic} ${acked.epoch}/${acked.seq}, ${time(acked.at)}` : 'none since the start']])));
    cardsNow.push(card('Box', list([['agent', view.version], ['broker', `${words(link.state)}${link.mqtt ? `, MQTT ${link.mqtt}` : ''}`],
      ['certificate', link.certificateDays == null ? 'none' : `${link.certificateDays} days left`], ['disk', health.storage?.trouble ? words(health.storage.trouble) : 'well'],
      ['memory', `${health.memoryMegabytes} MiB`], ['up', `${Math.round(health.uptimeSeconds / 60)} min`]])));
  } else {
    cardsNow.push(card('Agent', list([['version', view.version]])));
  }
  return cardsNow;
}

function route() {
  const [, camera] = location.hash.match(/^#draw\/([a-z0-9-]+)$/) ?? [];
  byId('overview').hidden = !!camera;
  byId('editor').hidden = !camera;
  if (camera) openEditor(camera, byId('editor'), () => last); else closeEditor();
  scrollTo(0, 0);
}

const feed = new EventSource('/api/live');
feed.onmessage = message => { byId('stale').hidden = true; show(JSON.parse(message.data)); };
feed.onerror = () => {
  byId('stale').hidden = false;
  // Whoever is not let in any more is asked for the token.
  fetch('/api/now').then(answer => { if (answer.status === 401) location.reload(); }).catch(() => {});
};
addEventListener('hashchange', route);
route();
