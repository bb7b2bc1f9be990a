// Whether the committed documents are what others' tools take for an OpenAPI 3.1 and an AsyncAPI 3
// document: both are checked by the published schemas of their formats.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const require = createRequire(import.meta.url);
const read = async (name) =>
  JSON.parse(await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8'));

let failed = false;
function report(name, isValid, errors) {
  console.log(`${name} is ${isValid ? 'valid' : 'not valid'}`);
  if (isValid) return;
  failed = true;
  console.error(JSON.stringify(errors, null, 2).slice(0, 4_000));
}

const calls = await new Validator().validate(await read('openapi.json'));
report('docs/openapi.json', calls.valid, calls.errors);

const ajv = new Ajv({ allErrors: false, strict: false });
addFormats(ajv);
const isAsyncApi = ajv.compile(require('@asyncapi/specs/schemas/3.0.0-without-$id.json'));
report('docs/asyncapi.json', isAsyncApi(await read('asyncapi.json')), isAsyncApi.errors);

process.exitCode = failed ? 1 : 0;
