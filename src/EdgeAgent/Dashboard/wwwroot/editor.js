// Lines and zones of one camera. What is drawn is tried by the box itself on its last minute; nothing here changes the running agent.
import { h, paintView } from './dom.js';

const across = 1000;
let open = null;

export function closeEditor() {
  if (open) { clearInterval(open.timer); open = null; }
}

export async function openEditor(camera, root, view) {
  closeEditor();
  const mine = { camera, view, high: 562, chosen: null, tool: null, draft: [], tried: null, lines: [], zones: [], doors: [], masks: [] };
  open = mine;
  root.replaceChildren(h('p', {}, 'Loading …'));
  const answer = await fetch(`/api/cameras/${encodeURIComponent(camera)}/plan`);
  if (open !== mine) return;
  if (!answer.ok) { root.replaceChildren(h('p', {}, 'There is no such camera. ', h('a', { href: '#' }, 'Back'))); return; }
  const plan = await answer.json();
  Object.assign(mine, { lines: plan.lines, zones: plan.zones, doors: plan.doors, masks: plan.masks, tried: plan.tried });
  build(root, mine);
  const look = async () => {
    if (document.hidden || open !== mine) return;
    if (await paintView(camera, mine.canvas).catch(() => false)) fit(mine);
  };
  mine.timer = setInterval(() => { look(); if (!mine.drag) tryOut(mine); }, 2000);
  look();
  render(mine);
}

function build(root, e) {
  e.canvas = h('canvas', { width: 576, height: 324 });
  e.svg = h('svg:svg', { role: 'img', 'aria-label': `Lines and zones of ${e.camera}`, onpointerdown: event => down(e, event), onpointermove: event => move(e, event), onpointerup: () => up(e), ondblclick: () => finish(e) });
  e.stage = h('div', { class: 'stage', id: 'stage' }, e.canvas, e.svg);
  e.side = h('div');
  e.says = h('p', { class: 'note', 'aria-live': 'polite' });
  e.problems = h('ul', { class: 'errors' });
  e.tools = h('div', { class: 'row' },
    h('button', { id: 'add-line', onclick: () => tool(e, 'line') }, 'Draw a line'), h('button', { id: 'add-zone', onclick: () => tool(e, 'zone') }, 'Draw a zone'),
    h('button', { id: 'done', hidden: true, onclick: () => finish(e) }, 'Zone is done'));
  root.replaceChildren(
    h('div', { class: 'row' }, h('a', { class: 'button', href: '#' }, '← Overview'), h('h3', {}, `Lines and zones of ${e.camera}`)),
    h('p', { class: 'note' }, 'Grey ways are where people walked in the last minute; yellow ones would have counted. People count by their feet. The arrow shows which way is in.'),
    h('div', { class: 'drawing' }, h('div', {}, e.stage, e.tools, e.says, e.problems), h('div', {}, e.side, h('div', { class: 'row' },
      h('button', { id: 'copy', onclick: () => copy(e) }, 'Copy JSON'), h('button', { id: 'download', onclick: () => download(e) }, 'Download JSON'),
      e.view()?.canSave ? h('button', { id: 'save', class: 'main', onclick: () => save(e) }, 'Save as a configuration') : null))));
  fit(e);
}

// The picture's own shape; 16:9 until there is one.
function fit(e) {
  const high = Math.round(across * e.canvas.height / e.canvas.width);
  e.stage.style.aspectRatio = `${e.canvas.width} / ${e.canvas.height}`;
  e.svg.setAttribute('viewBox', `0 0 ${across} ${high}`);
  if (high !== e.high) { e.high = high; render(e); }
  e.high = high;
}

const px = (e, [x, y]) => [x * across, y * e.high];
const path = (e, points) => points.map(p => px(e, p).join(',')).join(' ');
const round = value => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

function place(e, event) {
  const box = e.svg.getBoundingClientRect();
  return [round((event.clientX - box.left) / box.width), round((event.clientY - box.top) / box.height)];
}

function tool(e, name) {
  e.tool = e.tool === name ? null : name;
  e.draft = [];
  e.says.textContent = e.tool === 'line' ? 'Tap the two ends of the line, on the floor.' : e.tool === 'zone' ? 'Tap the corners of the zone, on the floor, then “Zone is done”.' : '';
  render(e);
}

function down(e, event) {
  event.preventDefault();
  const at = place(e, event);
  if (e.tool === 'line') {
    e.draft.push(at);
    if (e.draft.length === 2) { add(e, 'lines', { id: free(e, 'line'), from: e.draft[0], to: e.draft[1], staff: false }); } else render(e);
  } else if (e.tool === 'zone') {
    e.draft.push(at);
    render(e);
  } else if (event.target.dataset.grip) {
    const [kind, index, corner] = event.target.dataset.grip.split(' ');
    e.drag = { shape: e[kind][index], corner };
    e.svg.setPointerCapture(event.pointerId);
  } else if (event.target.dataset.shape) {
    const [kind, index] = event.target.dataset.shape.split(' ');
    e.chosen = e[kind][index];
    render(e);
  }
}

function move(e, event) {
  if (!e.drag) return;
  const { shape, corner } = e.drag, at = place(e, event);
  if (corner === 'from' || corner === 'to') shape[corner] = at; else shape.area[corner] = at;
  render(e);
}

function up(e) {
  if (!e.drag) return;
  e.drag = null;
  tryOut(e);
}

function finish(e) {
  if (e.tool !== 'zone' || e.draft.length < 3) return;
  add(e, 'zones', { id: free(e, 'zone'), area: e.draft });
}

function add(e, kind, shape) {
  e[kind].push(shape);
  Object.assign(e, { chosen: shape, tool: null, draft: [] });
  e.says.textContent = '';
  render(e);
  tryOut(e);
}

function free(e, kind) {
  const used = new Set([...e.lines, ...e.zones, ...e.doors].map(shape => shape.id));
  for (let n = 1; ; n++) if (!used.has(`${kind}-${n}`)) return `${kind}-${n}`;
}

// As the configuration has them: absent parts keep their defaults.
const drawing = e => ({
  lines: e.lines.map(({ id, from, to, staff }) => ({ id, from, to, staff: !!staff })),
  zones: e.zones.map(zone => Object.fromEntries(Object.entries(zone).filter(([, value]) => value != null))),
});

async function tryOut(e) {
  const asked = e.asked = (e.asked ?? 0) + 1;
  const answer = await fetch(`/api/cameras/${encodeURIComponent(e.camera)}/try`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(drawing(e)) }).catch(() => null);
  if (!answer || open !== e || asked !== e.asked) return;
  if (answer.status === 401) location.reload();
  e.tried = await answer.json();
  complain(e, e.tried.errors);
  if (!e.drag && !e.side.contains(document.activeElement)) render(e); else renderStage(e);
  for (const shape of [...e.lines, ...e.zones]) {
    const line = document.querySelector(`[data-count="${shape.id}"]`);
    if (line) line.textContent = counted(e, shape);
  }
}

const complain = (e, errors) => e.problems.replaceChildren(...(errors ?? []).map(error => h('li', {}, `${error.path}: ${error.message}`)));

function counted(e, shape) {
  const line = e.tried?.lines.find(l => l.id === shape.id), zone = e.tried?.zones.find(z => z.id === shape.id);
  return line ? `in ${line.in}, out ${line.out}` : zone ? `came in ${zone.entered}` : '–';
}

function render(e) {
  renderStage(e);
  for (const name of ['line', 'zone']) document.getElementById(`add-${name}`).classList.toggle('on', e.tool === name);
  document.getElementById('done').hidden = e.tool !== 'zone' || e.draft.length < 3;
  e.side.replaceChildren(
    h('p', { class: 'note', id: 'minute' }, e.tried?.seconds ? `Tried on the last ${Math.round(e.tried.seconds)} seconds.` : 'Nobody was looked at yet: there is nothing to try on.'),
    ...e.doors.map(door => h('div', { class: 'shape' }, h('div', { class: 'head' }, h('strong', {}, door.id), h('span', { 'data-count': door.id }, counted(e, door))), h('div', { class: 'note' }, `door: ${door.edge.toLowerCase()} edge`))),
    ...e.lines.map(line => shapeCard(e, 'lines', line)), ...e.zones.map(zone => shapeCard(e, 'zones', zone)));
}

function shapeCard(e, kind, shape) {
  const number = (label, value, set) => h('input', { type: 'number', min: 0, max: 1, step: 0.01, value, 'aria-label': `${shape.id} ${label}`, onchange: event => { set(round(Number(event.target.value))); renderStage(e); tryOut(e); } });
  return h('div', { class: `shape${e.chosen === shape ? ' chosen' : ''}`, onclick: () => { if (e.chosen !== shape) { e.chosen = shape; renderStage(e); } } },
    h('div', { class: 'head' },
      h('input', { value: shape.id, maxlength: 32, 'aria-label': 'Name', onchange: event => { shape.id = event.target.value; render(e); tryOut(e); } }),
      h('span', { 'data-count': shape.id }, counted(e, shape))),
    kind === 'lines' ? h('div', { class: 'places' },
      number('from x', shape.from[0], v => { shape.from = [v, shape.from[1]]; }), number('from y', shape.from[1], v => { shape.from = [shape.from[0], v]; }),
      number('to x', shape.to[0], v => { shape.to = [v, shape.to[1]]; }), number('to y', shape.to[1], v => { shape.to = [shape.to[0], v]; })) : null,
    h('div', { class: 'row' },
      kind === 'lines' ? h('button', { onclick: () => { [shape.from, shape.to] = [shape.to, shape.from]; render(e); tryOut(e); } }, 'Turn round') : null,
      h('button', { onclick: () => { e[kind].splice(e[kind].indexOf(shape), 1); render(e); tryOut(e); } }, 'Take away')));
}

function renderStage(e) {
  const parts = [];
  for (const mask of e.masks) parts.push(h('svg:polygon', { class: 'mask', points: path(e, mask) }));
  for (const way of e.tried?.ways ?? []) parts.push(h('svg:polyline', { class: `way${way.counted.length ? ' counted' : ''}`, points: path(e, way.points) }));
  for (const door of e.doors) {
    const [from, to] = { Left: [[0, 0], [0, 1]], Right: [[1, 0], [1, 1]], Top: [[0, 0], [1, 0]], Bottom: [[0, 1], [1, 1]] }[door.edge];
    parts.push(segment(e, from, to, { class: 'door' }));
  }
  e.zones.forEach((zone, index) => {
    parts.push(h('svg:polygon', { class: `zone${e.chosen === zone ? ' chosen' : ''}`, points: path(e, zone.area), 'data-shape': `zones ${index}` }), name(e, zone.area[0], zone.id));
    if (e.chosen === zone) zone.area.forEach((corner, at) => parts.push(grip(e, corner, `zones ${index} ${at}`)));
  });
  e.lines.forEach((line, index) => {
    parts.push(arrow(e, line), segment(e, line.from, line.to, { class: `line${e.chosen === line ? ' chosen' : ''}`, 'data-shape': `lines ${index}` }), name(e, line.from, line.id));
    for (const end of ['from', 'to']) parts.push(grip(e, line[end], `lines ${index} ${end}`));
  });
  if (e.draft.length) parts.push(h('svg:polyline', { class: 'draft', points: path(e, e.draft) }), ...e.draft.map(p => grip(e, p, '')));
  e.svg.replaceChildren(...parts);
}

function segment(e, from, to, attributes) {
  const [x1, y1] = px(e, from), [x2, y2] = px(e, to);
  return h('svg:line', { x1, y1, x2, y2, ...attributes });
}

// In is from the left hand to the right hand when looking along the line, with y pointing down.
function arrow(e, line) {
  const [x1, y1] = px(e, line.from), [x2, y2] = px(e, line.to);
  const length = Math.hypot(x2 - x1, y2 - y1) || 1, dx = -(y2 - y1) / length, dy = (x2 - x1) / length;
  const mx = (x1 + x2) / 2, my = (y1 + y2) / 2, tx = mx + dx * 50, ty = my + dy * 50;
  const barb = side => `${tx - dx * 18 + side * dy * 12},${ty - dy * 18 - side * dx * 12}`;
  return h('svg:polyline', { class: 'arrow', points: `${mx},${my} ${tx},${ty} ${barb(1)} ${tx},${ty} ${barb(-1)}` });
}

function grip(e, at, key) {
  const [cx, cy] = px(e, at);
  return h('svg:circle', { class: 'grip', cx, cy, r: matchMedia('(max-width: 760px)').matches ? 26 : 12, 'data-grip': key });
}

function name(e, at, text) {
  const [x, y] = px(e, at);
  return h('svg:text', { x: Math.min(x + 10, across - 120), y: Math.max(y - 12, 30) }, text);
}

async function copy(e) {
  const text = JSON.stringify(drawing(e), null, 2);
  try {
    await navigator.clipboard.writeText(text);
    e.says.textContent = 'Copied: put it into this camera of the configuration.';
  } catch {
    // Beyond this box the page is plain HTTP, where a browser lets no page write there.
    e.says.textContent = text;
  }
}

async function download(e) {
  const link = h('a', { href: 'data:application/json,' + encodeURIComponent(JSON.stringify(drawing(e), null, 2) + '\n'), download: `${e.camera}-drawing.json` });
  link.click();
  e.says.textContent = 'Downloaded: lines and zones of this camera, for its part of the configuration.';
}

async function save(e) {
  const answer = await fetch(`/api/cameras/${encodeURIComponent(e.camera)}/save`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(drawing(e)) });
  const saved = answer.status === 200 || answer.status === 422 ? await answer.json() : { errors: [{ path: 'save', message: await answer.text() }] };
  complain(e, saved.errors);
  if (saved.file) e.says.textContent = `Saved as ${saved.file} on the box. Nothing has changed yet: check it with edge-agent config check, then put it in the place of the configuration.`;
}
