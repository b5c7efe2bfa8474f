// What one would write with the official TypeScript SDK: rows in memory, one batch, results read as a stream,
// written back a thousand at a time. No ledger, no validation, no safety against a crash.
import Anthropic from '@anthropic-ai/sdk';
import pg from 'pg';

const system = process.env.SYSTEM;
const client = new Anthropic({ apiKey: 'k', baseURL: process.env.ANTHROPIC_BASE_URL });
const db = new pg.Client({ connectionString: process.env.DB });
await db.connect();

const { rows } = await db.query(
  'select id, vendor, description, amount from invoices where processed_at is null order by id');
const requests = rows.map((row) => ({
  custom_id: `invoice-${row.id}`,
  params: {
    model: 'claude-haiku-5-5',
    max_tokens: 256,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [{
      role: 'user',
      content: `Vendor: ${row.vendor}\nAmount: ${row.amount}\nDescription: ${row.description}`,
    }],
  },
}));
const ids = [];
for (let from = 0; from < requests.length; from += 100_000) {
  ids.push((await client.messages.batches.create({ requests: requests.slice(from, from + 100_000) })).id);
}

let answers = [];
const write = async () => {
  await db.query(
    `update invoices i
     set department = v.d, extracted_amount = v.a, summary = v.s, approval_required = v.r, processed_at = now()
     from unnest($1::bigint[], $2::text[], $3::numeric[], $4::text[], $5::bool[]) as v(id, d, a, s, r)
     where i.id = v.id`,
    [0, 1, 2, 3, 4].map((column) => answers.map((answer) => answer[column])));
  answers = [];
};
for (const id of ids) {
  while ((await client.messages.batches.retrieve(id)).processing_status !== 'ended') {
    await new Promise((done) => setTimeout(done, 200));
  }
  for await (const item of await client.messages.batches.results(id)) {
    if (item.result.type !== 'succeeded') continue;
    const answer = JSON.parse(item.result.message.content[0].text);
    answers.push([
      item.custom_id.slice('invoice-'.length),
      answer.department, answer.amount, answer.summary, answer.approval_required,
    ]);
    if (answers.length === 1000) await write();
  }
}
if (answers.length) await write();
await db.end();
