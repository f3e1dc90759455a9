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
function run(milliseconds) {
    const begin = process.hrtime.bigint();
    const end = begin + BigInt(Math.round(milliseconds * 1e6));
    let count = 0;
    let now = begin;
    while (now < end) {
        once();
        count++;
        now = process.hrtime.bigint();
    }
    return count / (Number(now - begin) / 1e9);
}
run(seconds * 500); // compiled and warm
process.stdout.write(JSON.stringify({ tags, messagesPerSecond: run(seconds * 1000), node: process.version }) + '\n');
