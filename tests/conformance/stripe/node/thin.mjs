// Thin events and the newest stripe-node: a destination of its own, the notification, the event, the object.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import Stripe from 'stripe'

const { hostname, port } = new URL(process.env.STRIPE_URL)
const stripe = new Stripe(process.env.STRIPE_API_KEY, { host: hostname, port, protocol: 'http', telemetry: false })

const inbox = createServer()
const arrival = new Promise((done) =>
  inbox.on('request', async (request, response) => {
    const pieces = []
    for await (const piece of request) pieces.push(piece)
    response.end()
    done({ body: Buffer.concat(pieces), signature: request.headers['stripe-signature'] })
  }),
)
await new Promise((done) => inbox.listen(0, '127.0.0.1', done))

const made = await stripe.v2.core.eventDestinations.create({
  name: 'mine',
  type: 'webhook_endpoint',
  event_payload: 'thin',
  enabled_events: ['v1.payment_intent.succeeded'],
  webhook_endpoint: { url: `http://127.0.0.1:${inbox.address().port}/` },
  include: ['webhook_endpoint.signing_secret', 'webhook_endpoint.url'],
})
const paid = await stripe.paymentIntents.create({
  amount: 2000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true, payment_method_types: ['card'],
})
const { body, signature } = await arrival
const secret = made.webhook_endpoint.signing_secret
const notice = stripe.parseEventNotification(body, signature, secret)
assert.equal(notice.type, 'v1.payment_intent.succeeded')
assert.equal(notice.related_object.id, paid.id)
const event = await notice.fetchEvent()
assert.deepEqual([event.id, event.object], [notice.id, 'v2.core.event'])
assert.equal((await notice.fetchRelatedObject()).amount_received, 2000)
assert.throws(() => stripe.parseEventNotification(body, signature, 'whsec_other'), /signature/i)
assert.throws(() => stripe.webhooks.constructEvent(body, signature, secret), /thin event notification/)

assert.equal((await stripe.events.retrieve(event.snapshot_event)).data.object.id, paid.id)
const listed = await stripe.v2.core.events.list({ object_id: paid.id })
assert.deepEqual(listed.data.map((one) => one.id), [event.id])
assert.equal((await stripe.v2.core.eventDestinations.disable(made.id)).status, 'disabled')
assert.equal((await stripe.v2.core.eventDestinations.enable(made.id)).status, 'enabled')
assert.equal((await stripe.v2.core.eventDestinations.ping(made.id)).type, 'v2.core.event_destination.ping')
assert.equal((await stripe.v2.core.eventDestinations.del(made.id)).id, made.id)
await assert.rejects(stripe.v2.core.eventDestinations.retrieve(made.id), { statusCode: 404 })

inbox.close()
console.log('every thin behaviour passed')
