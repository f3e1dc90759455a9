// Bars in plain SVG.
import { h } from './dom.js';

const width = 360, height = 150, left = 26, bottom = 22, top = 10;

// bars: [{ label, values: [n, n?], says }]; every label whose place divides by `each` is written.
export function bars(title, series, items, each = 1) {
  const most = Math.max(1, ...items.flatMap(item => item.values));
  const step = (width - left) / items.length;
  const across = height - bottom - top;
  const svg = h('svg:svg', { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title}: ${items.map(item => item.says).join('; ')}` },
    h('svg:line', { x1: left, x2: width, y1: height - bottom, y2: height - bottom }),
    h('svg:text', { x: left - 4, y: top + 8, 'text-anchor': 'end' }, String(most)),
    h('svg:text', { x: left - 4, y: height - bottom, 'text-anchor': 'end' }, '0'));
  items.forEach((item, place) => {
    const wide = step * 0.8 / item.values.length;
    item.values.forEach((value, which) => {
      const high = across * value / most;
      svg.append(h('svg:rect', {
        class: which ? 'second' : '', x: left + place * step + step * 0.1 + which * wide, y: height - bottom - high, width: wide, height: high, rx: 1.5,
      }, h('svg:title', {}, item.says)));
    });
    if (place % each === 0) {
      svg.append(h('svg:text', { x: left + (place + 0.5) * step, y: height - 6, 'text-anchor': 'middle' }, item.label));
    }
  });
  return h('div', { class: 'card' }, h('div', { class: 'head' }, h('h3', {}, title), h('span', { class: 'note' }, series)), svg);
}

// { bounds, counts } of a histogram, with the unit behind each bound.
export function spread(title, view, unit) {
  const label = place => place === 0 ? `≤${view.bounds[0]}` : place < view.bounds.length ? `${view.bounds[place]}` : `>${view.bounds.at(-1)}`;
  const mean = view.count ? `mean ${(view.sum / view.count).toFixed(1)} ${unit}` : 'none yet';
  return bars(title, `${unit}, ${mean}`, view.counts.map((count, place) => ({ label: label(place), values: [count], says: `${label(place)} ${unit}: ${count}` })));
}

export function hours(day) {
  return bars('Visits by hour', 'came in, and left (blue)', day.visitsByHour.map((came, hour) => ({
    label: String(hour), values: [came, day.exitsByHour[hour]], says: `${hour}:00 came in ${came}, left ${day.exitsByHour[hour]}`,
  })), 3);
}
