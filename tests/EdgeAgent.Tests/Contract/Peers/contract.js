// Holds the published contract against implementations that nobody here wrote: the AsyncAPI project's parser, and ajv for the schemas.
//   node contract.js CONTRACT_FOLDER < lines of {"schema": FILE, "value": …}
// Prints one line per fault; the last line says what was looked at. Exit code 1 when there was any.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;
const { Parser, fromFile } = require('@asyncapi/parser');

async function main() {
  const folder = process.argv[2];
  let faults = 0;
  const fault = text => { faults++; console.log(text); };

  const { document, diagnostics } = await fromFile(new Parser(), path.join(folder, 'asyncapi.json')).parse();
  for (const d of diagnostics.filter(d => d.severity <= 1)) {
    fault(`asyncapi.json ${d.path.join('.')}: ${d.message}`);
  }
  if (!document) fault('asyncapi.json: it has no document.');
  const operations = document ? document.operations().all().length : 0;
  const channels = document ? document.channels().all().length : 0;

  // "type" as a list of two is how a nullable member is written.
  const ajv = addFormats(new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true }));
  const validators = {};
  for (const file of fs.readdirSync(path.join(folder, 'schemas')).sort()) {
    try {
      validators[file] = ajv.compile(JSON.parse(fs.readFileSync(path.join(folder, 'schemas', file), 'utf8')));
    } catch (e) {
      fault(`${file}: ${e.message}`);
    }
  }

  let values = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { schema, value } = JSON.parse(line);
    values++;
    const validate = validators[schema];
    if (!validate) { fault(`${schema}: there is no such schema`); continue; }
    if (!validate(value)) {
      fault(`${schema}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 300)}`);
    }
  }
  console.log(`${channels} channels, ${operations} operations, ${Object.keys(validators).length} schemas, ${values} values, ${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
}

main().catch(e => { console.log(String(e.stack || e)); process.exitCode = 2; });
