// What goes wrong at the provider itself, as stripe-node sees it: the story is ../trouble.yaml, whose purchases
// are made here in its order. Each line ends with its source, as in behaviours.test.mjs; [sdk] is RequestSender.js.
import assert from 'node:assert/strict'

const { default: Stripe } = await import(process.env.SDK)
const { hostname, port } = new URL(process.env.STRIPE_URL)
const client = (maxNetworkRetries) =>
  new Stripe(process.env.STRIPE_API_KEY, { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries })

const paid = (key, retries = 0, more = {}) =>
  client(retries).paymentIntents.create(
    { amount: 2000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true, payment_method_types: ['card'], metadata: { key }, ...more },
    { idempotencyKey: key },
  )
const outcome = (call) => call.then((done) => done.status, (error) => [error.statusCode, error.code, error.rawType])
// Which of two calls comes first is not known, and does not matter.
const both = async (...calls) => (await Promise.all(calls.map(outcome))).map(String).sort()
const held500 = '500,,api_error'

// One key twice at the same moment: one of the calls is at work, the other is told so [idempotency].
assert.deepEqual(await both(paid('in_flight'), paid('in_flight')), ['409,idempotency_key_in_use,invalid_request_error', held500])
const first = await paid('in_flight')
const again = await paid('in_flight')
assert.deepEqual([again.id, again.lastResponse.headers['idempotent-replayed']], [first.id, 'true'])

// With retries of its own the SDK rides it out: a 409 is repeated under the same key [sdk].
assert.deepEqual(await both(paid('ridden_out', 4), paid('ridden_out', 4)), [held500, 'succeeded'])

// Two captures of one hold at the same moment: one is refused, and the money moves once [errors].
const hold = await paid('locked', 0, { capture_method: 'manual' })
const captured = (key, id, retries = 0) => client(retries).paymentIntents.capture(id, {}, { idempotencyKey: key })
assert.deepEqual(
  await both(captured('capture 1', hold.id), captured('capture 2', hold.id)),
  ['429,lock_timeout,invalid_request_error', held500],
)
const done = await captured('capture 3', hold.id)
assert.deepEqual([done.status, done.amount_received], ['succeeded', 2000])

// The API advises to repeat after a lock timeout, and an SDK with retries does [sdk].
const { id } = await paid('patient', 0, { capture_method: 'manual' })
assert.deepEqual(await both(captured('capture 4', id, 4), captured('capture 5', id, 4)), [held500, 'succeeded'])

// What is repeated and what is not goes by status, and by Stripe-Should-Retry before it [errors] [sdk].
for (const [name, expected] of [
  ['dependency', [424, undefined, 'invalid_request_error']],
  ['server_error', [500, undefined, 'api_error']],
  ['bad_gateway', 'succeeded'],
  ['unavailable', 'succeeded'],
  ['timed_out', 'succeeded'],
  ['limited', [429, 'rate_limit', 'invalid_request_error']],
  ['limited_for_a_moment', 'succeeded'],
]) {
  assert.deepEqual(await outcome(paid(name, 2)), expected, name)
}
console.log('every trouble passed')
// The SDK leaves the answers that it repeats unread, and their connections open.
process.exit()
