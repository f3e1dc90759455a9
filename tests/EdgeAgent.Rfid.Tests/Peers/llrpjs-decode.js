// Times llrpjs's own decoder on one frame, in its own loop: `node llrpjs-decode.js HEX SECONDS` prints one line of JSON.
'use strict';
const { LLRPMessage } = require('llrpjs');

const frame = Buffer.from(process.argv[2], 'hex');
const seconds = Number(process.argv[3] ?? 1);

function once() {
    const data = new LLRPMessage(frame).decode().toLLRPData().data.TagReportData;
    return Array.isArray(data) ? data.length : 1;
}

const tags = once();

// Messages per second in one slice of about 20 ms.
function slice() {
    const begin = process.hrtime.bigint();
    let count = 0;
    let now;
    do {
        once();
        count++;
        now = process.hrtime.bigint();
    } while (now - begin < 20000000n);
    return count / (Number(now - begin) / 1e9);
}

// The median of many slices: one that another program interrupts is an outlier that it does not see, as with our own figures.
function run(milliseconds) {
    const end = process.hrtime.bigint() + BigInt(Math.round(milliseconds * 1e6));
    const rates = [];
    do {
        rates.push(slice());
    } while (process.hrtime.bigint() < end);
    return rates.sort((a, b) => a - b)[rates.length >> 1];
}
run(seconds * 500); // compiled and warm
process.stdout.write(JSON.stringify({ tags, messagesPerSecond: run(seconds * 1000), node: process.version }) + '\n');
