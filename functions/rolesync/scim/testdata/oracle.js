// Judges filters and PATCHes as two independent libraries do: a line of JSON in, a line of JSON out.
const root = process.argv[2];
const { filter, parse } = require(root + '/scim2-parse-filter');
const { scimPatch } = require(root + '/scim-patch');
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const q = JSON.parse(line);
  let out;
  try {
    out = q.filter ? { ok: filter(parse(q.filter))(q.resource) } : { resource: scimPatch(q.resource, q.operations) };
  } catch (e) {
    out = { error: String(e.message) };
  }
  console.log(JSON.stringify(out));
});
