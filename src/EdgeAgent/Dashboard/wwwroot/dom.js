// A few lines in the place of a framework. Text goes in as text: nothing from the box is ever read as HTML.
export const byId = id => document.getElementById(id);

export function h(tag, attributes, ...children) {
  const element = tag.startsWith('svg:')
    ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child != null && child !== false));
  return element;
}

// "NoFrames" → "no frames"
export const words = name => name ? name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase() : '';

export const time = at => at ? new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }) : '–';

// Minor units; how many make a whole one is the currency's own matter.
export function money(minor, currency) {
  if (minor == null) return '–';
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`;
}

export const list = pairs => h('dl', {}, pairs.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, String(value))]));

export const stateBadge = (state, reason) => {
  const kind = state === 'Online' ? 'good' : state === 'Degraded' ? 'warn' : state ? 'bad' : '';
  return h('span', { class: `badge ${kind}` }, state ? words(state) + (reason && reason !== 'None' ? `: ${words(reason)}` : '') : 'no fault heard of');
};

// The veiled view of a camera, painted smoothly over a canvas. False while there is none.
export async function paintView(camera, canvas) {
  const answer = await fetch(`/api/cameras/${encodeURIComponent(camera)}/view`);
  if (answer.status === 401) location.reload();
  if (answer.status !== 200) return false;
  const picture = await createImageBitmap(await answer.blob());
  if (canvas.width !== picture.width * 6) {
    canvas.width = picture.width * 6;
    canvas.height = picture.height * 6;
  }
  const pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return true;
}
