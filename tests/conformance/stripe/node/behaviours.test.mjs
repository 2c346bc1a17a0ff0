// What the unmodified stripe-node SDKs see of the simulator. Each name ends with its source:
// [api] Stripe's API reference, [lifecycle] its page on intents, [testing] its page on test cards,
// [errors] its error codes, [idempotency], [webhooks], [sdk] what the SDK itself demands.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import Newest from 'stripe'
import Oldest from 'stripe13'

const base = new URL(process.env.STRIPE_URL)
const key = process.env.STRIPE_API_KEY
const secret = process.env.STRIPE_WEBHOOK_SECRET

const settings = { host: base.hostname, port: Number(base.port), protocol: 'http', telemetry: false }
const refusal = async (call) => {
  try {
    await call
  } catch (error) {
    return error
  }
  assert.fail('it was not refused')
}

// Webhooks arrive here; whoever waits is woken by each of them.
const arrived = []
let waiting = []
const inbox = createServer((request, response) => {
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => {
    arrived.push({ body: Buffer.concat(pieces), signature: request.headers['stripe-signature'] })
    response.writeHead(200).end()
    for (const wake of waiting.splice(0)) wake()
  })
})
const delivered = async (type, id) => {
  for (;;) {
    const found = arrived.find((one) => {
      const event = JSON.parse(one.body)
      return event.type === type && event.data.object.id === id
    })
    if (found) return found
    await new Promise((wake) => waiting.push(wake))
  }
}
before(() => new Promise((done) => inbox.listen(Number(process.env.INBOX_PORT), '127.0.0.1', done)))
after(() => new Promise((done) => inbox.close(done)))

for (const [name, Sdk, isNewest] of [['stripe-node 23', Newest, true], ['stripe-node 13', Oldest, false]]) {
  describe(name, () => {
    const stripe = new Sdk(key, { ...settings, maxNetworkRetries: 0 })
    const bought = (more = {}) =>
      stripe.paymentIntents.create({
        amount: 2000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true,
        payment_method_types: ['card'], ...more,
      })
    const held = () => bought({ capture_method: 'manual' })

    test('a card that is good is charged at once [testing]', async () => {
      const intent = await bought()
      assert.equal(intent.status, 'succeeded')
      assert.equal(intent.amount_received, 2000)
      assert.match(intent.id, /^pi_/)
      assert.ok(intent.client_secret.startsWith(`${intent.id}_secret_`))
    })
    test('an intent without a method waits for one [lifecycle]', async () => {
      const intent = await stripe.paymentIntents.create({ amount: 700, currency: 'usd' })
      assert.equal(intent.status, 'requires_payment_method')
      assert.equal(intent.latest_charge ?? null, null)
    })
    test('a method and no confirmation: it waits for confirmation [lifecycle]', async () => {
      const intent = await bought({ confirm: false })
      assert.equal(intent.status, 'requires_confirmation')
      assert.equal((await stripe.paymentIntents.confirm(intent.id)).status, 'succeeded')
    })
    test('an update changes amount and metadata until it is confirmed [api]', async () => {
      const intent = await stripe.paymentIntents.create({ amount: 700, currency: 'usd', metadata: { a: '1' } })
      const changed = await stripe.paymentIntents.update(intent.id, { amount: 900, metadata: { b: '2' } })
      assert.equal(changed.amount, 900)
      assert.deepEqual({ ...changed.metadata }, { a: '1', b: '2' })
    })
    test('a hold is captured in part and the rest is released [api]', async () => {
      const intent = await held()
      assert.equal(intent.status, 'requires_capture')
      assert.equal(intent.amount_capturable, 2000)
      const done = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1500 })
      assert.deepEqual([done.status, done.amount_received, done.amount_capturable], ['succeeded', 1500, 0])
    })
    test('a capture above the hold is refused with its parameter [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.capture((await held()).id, { amount_to_capture: 2001 }))
      assert.equal(error.type, 'StripeInvalidRequestError')
      assert.equal(error.statusCode, 400)
      assert.equal(error.param, 'amount_to_capture')
    })
    test('a second capture is refused as an unexpected state, with the intent [errors]', async () => {
      const intent = await held()
      await stripe.paymentIntents.capture(intent.id)
      const error = await refusal(stripe.paymentIntents.capture(intent.id))
      assert.equal(error.code, 'payment_intent_unexpected_state')
      assert.equal(error.payment_intent.id, intent.id)
    })
    test('a hold is cancelled, with its reason [api]', async () => {
      const done = await stripe.paymentIntents.cancel((await held()).id, { cancellation_reason: 'duplicate' })
      assert.equal(done.status, 'canceled')
      assert.equal(done.cancellation_reason, 'duplicate')
      assert.equal(done.amount_capturable, 0)
    })
    test('a paid intent cannot be cancelled [lifecycle]', async () => {
      const error = await refusal(stripe.paymentIntents.cancel((await bought()).id))
      assert.equal(error.code, 'payment_intent_unexpected_state')
    })
    test('a paid intent cannot be confirmed again [lifecycle]', async () => {
      const error = await refusal(stripe.paymentIntents.confirm((await bought()).id))
      assert.equal(error.code, 'payment_intent_unexpected_state')
    })
    test('a decline is a card error with its decline code and the intent [testing]', async () => {
      const error = await refusal(bought({ payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }))
      assert.equal(error.type, 'StripeCardError')
      assert.deepEqual([error.statusCode, error.code, error.decline_code], [402, 'card_declined', 'insufficient_funds'])
      assert.equal(error.payment_intent.status, 'requires_payment_method')
      assert.equal(error.payment_intent.last_payment_error.decline_code, 'insufficient_funds')
    })
    for (const [card, code] of [
      ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
      ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc'],
      ['pm_card_chargeDeclinedProcessingError', 'processing_error'],
    ]) {
      test(`${card} is refused with the code ${code} [testing]`, async () => {
        assert.equal((await refusal(bought({ payment_method: card }))).code, code)
      })
    }
    test('a challenge is asked for [testing]', async () => {
      const intent = await bought({ payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.example/back' })
      assert.equal(intent.status, 'requires_action')
      assert.ok(intent.next_action)
    })
    test('off session, a challenge is a refusal [api]', async () => {
      const error = await refusal(bought({ payment_method: 'pm_card_authenticationRequired', off_session: true }))
      assert.deepEqual([error.statusCode, error.code], [402, 'authentication_required'])
    })
    test('a bank debit stays in processing [lifecycle]', async () => {
      const intent = await bought({ currency: 'usd', payment_method: 'pm_usBankAccount_success', payment_method_types: ['us_bank_account'] })
      assert.equal(intent.status, 'processing')
    })
    test('a refund of a part and then of the rest [api]', async () => {
      const intent = await bought()
      const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
      const rest = await stripe.refunds.create({ payment_intent: intent.id })
      assert.deepEqual([part.status, part.amount, rest.amount], ['succeeded', 500, 1500])
      const charge = await stripe.charges.retrieve(part.charge)
      assert.deepEqual([charge.refunded, charge.amount_refunded], [true, 2000])
    })
    test('more than is left is not refunded [errors]', async () => {
      const intent = await bought()
      const error = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 2001 }))
      assert.equal(error.statusCode, 400)
    })
    test('what was wholly refunded is not refunded again [errors]', async () => {
      const intent = await bought()
      await stripe.refunds.create({ payment_intent: intent.id })
      const error = await refusal(stripe.refunds.create({ payment_intent: intent.id }))
      assert.equal(error.code, 'charge_already_refunded')
    })
    test('an unknown id is missing, and says which parameter [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.retrieve('pi_nothing'))
      assert.deepEqual([error.statusCode, error.code, error.param], [404, 'resource_missing', 'intent'])
      assert.match(error.message, /^No such payment_intent: 'pi_nothing'/)
    })
    test('an unknown parameter is refused by its name [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.create({ amount: 1, currency: 'eur', amonut: 5 }))
      assert.deepEqual([error.code, error.param], ['parameter_unknown', 'amonut'])
    })
    test('a missing parameter is refused by its name [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.create({ amount: 100 }))
      assert.deepEqual([error.code, error.param], ['parameter_missing', 'currency'])
    })
    test('an amount that is no integer is refused [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.create({ amount: '12.5', currency: 'eur' }))
      assert.deepEqual([error.code, error.param], ['parameter_invalid_integer', 'amount'])
    })
    test('an amount that is too small is refused [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.create({ amount: 1, currency: 'eur' }))
      assert.equal(error.code, 'amount_too_small')
    })
    test('a wrong key is an authentication error [errors]', async () => {
      const stranger = new Sdk('sk_test_wrong', { ...settings, maxNetworkRetries: 0 })
      const error = await refusal(stranger.paymentIntents.retrieve('pi_nothing'))
      assert.deepEqual([error.type, error.statusCode], ['StripeAuthenticationError', 401])
    })
    test('one idempotency key gives one intent [idempotency]', async () => {
      const once = { idempotencyKey: `${name} one` }
      const first = await stripe.paymentIntents.create({ amount: 300, currency: 'eur' }, once)
      const again = await stripe.paymentIntents.create({ amount: 300, currency: 'eur' }, once)
      assert.equal(again.id, first.id)
    })
    test('one key with another body is an idempotency error [idempotency]', async () => {
      const once = { idempotencyKey: `${name} two` }
      await stripe.paymentIntents.create({ amount: 300, currency: 'eur' }, once)
      const error = await refusal(stripe.paymentIntents.create({ amount: 301, currency: 'eur' }, once))
      assert.deepEqual([error.type, error.statusCode], ['StripeIdempotencyError', 400])
    })
    test('a stored decline is replayed under its key [idempotency]', async () => {
      const body = { amount: 300, currency: 'eur', payment_method: 'pm_card_chargeDeclined', confirm: true, payment_method_types: ['card'] }
      const first = await refusal(stripe.paymentIntents.create(body, { idempotencyKey: `${name} three` }))
      const again = await refusal(stripe.paymentIntents.create(body, { idempotencyKey: `${name} three` }))
      assert.equal(again.payment_intent.id, first.payment_intent.id)
    })
    test('a list is walked through by the auto-pager, newest first [api]', async () => {
      const made = []
      for (let n = 0; n < 5; n += 1) made.push((await stripe.customers.create({ email: `pages@${n}.example` })).id)
      const seen = []
      for await (const one of stripe.customers.list({ limit: 2 })) {
        seen.push(one.id)
        if (seen.length === 5) break
      }
      assert.deepEqual(seen, made.reverse())
    })
    test('a cursor goes backwards, too [api]', async () => {
      const [oldest, middle, newest] = [await held(), await held(), await held()].map((one) => one.id)
      const page = await stripe.paymentIntents.list({ ending_before: oldest, limit: 2 })
      assert.deepEqual(page.data.map((one) => one.id), [newest, middle])
    })
    test('what is expanded is the object and not its id [api]', async () => {
      const intent = await bought({ expand: ['latest_charge'] })
      assert.equal(intent.latest_charge.object, 'charge')
      assert.equal(intent.latest_charge.amount_captured, 2000)
    })
    test('a list expands inside of data [api]', async () => {
      await bought()
      const page = await stripe.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] })
      assert.equal(page.data[0].latest_charge.object, 'charge')
    })
    test('a customer keeps a method, and gives it back [api]', async () => {
      const customer = await stripe.customers.create({ name: 'A Shopper', metadata: { tier: 'gold' } })
      const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
      assert.equal(method.customer, customer.id)
      const kept = await stripe.customers.listPaymentMethods(customer.id, { type: 'card' })
      assert.deepEqual(kept.data.map((one) => one.id), [method.id])
      assert.equal((await stripe.paymentMethods.detach(method.id)).customer, null)
    })
    test('a deleted customer says so and is no longer listed [api]', async () => {
      const customer = await stripe.customers.create({})
      assert.deepEqual({ ...(await stripe.customers.del(customer.id)) }, { id: customer.id, object: 'customer', deleted: true })
      assert.equal((await stripe.customers.retrieve(customer.id)).deleted, true)
    })
    test('metadata is taken away by an empty value [api]', async () => {
      const customer = await stripe.customers.create({ metadata: { a: '1', b: '2' } })
      const left = await stripe.customers.update(customer.id, { metadata: { a: '' } })
      assert.deepEqual({ ...left.metadata }, { b: '2' })
    })
    test('each answer says its request id and version [sdk]', async () => {
      const customer = await stripe.customers.create({})
      assert.match(customer.lastResponse.requestId, /^req_/)
      assert.ok(customer.lastResponse.apiVersion)
    })
    test('events are listed by type [api]', async () => {
      const intent = await bought()
      const page = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 })
      assert.equal(page.data[0].data.object.id, intent.id)
    })
    test('a webhook passes the verification of the SDK [webhooks]', async () => {
      const intent = await bought()
      const one = await delivered('payment_intent.succeeded', intent.id)
      const event = stripe.webhooks.constructEvent(one.body, one.signature, secret)
      assert.equal(event.data.object.amount_received, 2000)
      assert.equal(event.request.idempotency_key !== undefined, true)
    })
    test('a webhook whose body was changed does not pass [webhooks]', async () => {
      const one = await delivered('payment_intent.succeeded', (await bought()).id)
      const changed = one.body.toString().replace('2000', '9000')
      assert.throws(() => stripe.webhooks.constructEvent(changed, one.signature, secret), /signature/i)
    })
    test('a webhook under another secret does not pass [webhooks]', async () => {
      const one = await delivered('payment_intent.succeeded', (await bought()).id)
      assert.throws(() => stripe.webhooks.constructEvent(one.body, one.signature, 'whsec_other'), /signature/i)
    })
    test('a refund is told with the charge and what is refunded of it [webhooks]', async () => {
      const intent = await bought()
      await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
      const event = JSON.parse((await delivered('charge.refunded', intent.latest_charge ?? intent.charges.data[0].id)).body)
      assert.equal(event.data.object.amount_refunded, 500)
    })
    test('retries of the SDK carry one key, and one intent comes of them [sdk]', async () => {
      const patient = new Sdk(key, { ...settings, maxNetworkRetries: 2 })
      const intent = await patient.paymentIntents.create({ amount: 4444, currency: 'eur' })
      const listed = await stripe.paymentIntents.list({ limit: 3 })
      assert.equal(listed.data.filter((one) => one.id === intent.id).length, 1)
    })
    const shopper = async () => (await stripe.customers.create({ name: 'A Shopper' })).id
    const setUp = async (customer, payment_method, more = {}) =>
      stripe.setupIntents.create({ customer, payment_method, confirm: true, payment_method_types: ['card'], ...more })
    test('a setup gives the method to its customer [lifecycle]', async () => {
      const customer = await shopper()
      const setup = await setUp(customer, 'pm_card_visa')
      assert.deepEqual([setup.status, setup.usage], ['succeeded', 'off_session'])
      assert.equal((await stripe.paymentMethods.retrieve(setup.payment_method)).customer, customer)
    })
    test('a setup waits for a method, then for its confirmation [lifecycle]', async () => {
      const setup = await stripe.setupIntents.create({ payment_method_types: ['card'] })
      assert.equal(setup.status, 'requires_payment_method')
      const chosen = await stripe.setupIntents.update(setup.id, { payment_method: 'pm_card_visa' })
      assert.equal(chosen.status, 'requires_confirmation')
      assert.equal((await stripe.setupIntents.confirm(setup.id)).status, 'succeeded')
    })
    test('a setup may want a challenge [testing]', async () => {
      const setup = await setUp(await shopper(), 'pm_card_authenticationRequiredOnSetup', { return_url: 'https://shop.example/back' })
      assert.deepEqual([setup.status, setup.next_action.type], ['requires_action', 'redirect_to_url'])
    })
    test('a declined setup is a card error with the setup intent [errors]', async () => {
      const error = await refusal(setUp(await shopper(), 'pm_card_chargeDeclined'))
      assert.deepEqual([error.type, error.code], ['StripeCardError', 'card_declined'])
      assert.equal(error.setup_intent.last_setup_error.code, 'card_declined')
    })
    test('a cancelled setup says why, and cannot be confirmed [errors]', async () => {
      const setup = await stripe.setupIntents.create({ payment_method: 'pm_card_visa', payment_method_types: ['card'] })
      assert.equal((await stripe.setupIntents.cancel(setup.id, { cancellation_reason: 'duplicate' })).cancellation_reason, 'duplicate')
      assert.equal((await refusal(stripe.setupIntents.confirm(setup.id))).code, 'setup_intent_unexpected_state')
    })
    test('setups are listed for a customer [api]', async () => {
      const customer = await shopper()
      const setup = await setUp(customer, 'pm_card_visa')
      assert.deepEqual((await stripe.setupIntents.list({ customer })).data.map((one) => one.id), [setup.id])
    })
    test('a saved card is charged while the shopper is away [lifecycle]', async () => {
      const customer = await shopper()
      const { payment_method } = await setUp(customer, 'pm_card_authenticationRequiredSetupForOffSession')
      assert.equal((await bought({ customer, payment_method, off_session: true })).status, 'succeeded')
      assert.equal((await bought({ customer, payment_method })).status, 'requires_action')
    })
    test('a card that was never set up is refused while the shopper is away [testing]', async () => {
      const error = await refusal(bought({ payment_method: 'pm_card_authenticationRequiredOnSetup', off_session: true }))
      assert.equal(error.code, 'authentication_required')
    })
    test('a card may be attached and fail when it is charged [testing]', async () => {
      const customer = await shopper()
      const { payment_method } = await setUp(customer, 'pm_card_chargeCustomerFail')
      assert.equal((await refusal(bought({ customer, payment_method, off_session: true }))).code, 'card_declined')
    })
    test('setup_future_usage keeps the method of a payment [api]', async () => {
      const customer = await shopper()
      const intent = await bought({ customer, setup_future_usage: 'off_session' })
      assert.equal((await stripe.paymentMethods.retrieve(intent.payment_method)).customer, customer)
    })
    test("a customer's method needs its customer [errors]", async () => {
      const { payment_method } = await setUp(await shopper(), 'pm_card_visa')
      assert.equal((await refusal(bought({ payment_method }))).statusCode, 400)
    })
    test('error_on_requires_action turns a challenge into a decline [api]', async () => {
      const error = await refusal(bought({ payment_method: 'pm_card_authenticationRequired', error_on_requires_action: true }))
      assert.deepEqual([error.statusCode, error.code], [402, 'authentication_required'])
    })
    test('an intent that waits for a challenge is confirmed with another card [lifecycle]', async () => {
      const intent = await bought({ payment_method: 'pm_card_authenticationRequired' })
      assert.equal((await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })).status, 'succeeded')
    })
    test('an attached method is told by webhook [webhooks]', async () => {
      const { payment_method, id } = await setUp(await shopper(), 'pm_card_visa')
      assert.ok(await delivered('payment_method.attached', payment_method))
      assert.ok(await delivered('setup_intent.succeeded', id))
    })
    const session = (more = {}) =>
      stripe.checkout.sessions.create({
        mode: 'payment', success_url: 'https://shop.example/done?id={CHECKOUT_SESSION_ID}', cancel_url: 'https://shop.example/back',
        line_items: [{ price_data: { currency: 'eur', unit_amount: 1000, product_data: { name: 'A book' } }, quantity: 2 }],
        ...more,
      })
    const sent = (url, form) =>
      fetch(new URL(url, base), { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
    const typed = (number) => ({ email: 'a@shop.example', 'card[number]': number, 'card[expiry]': '12 / 34', 'card[cvc]': '123' })
    test('a session is open, unpaid, and has a page [api]', async () => {
      const made = await session()
      assert.deepEqual([made.status, made.payment_status, made.amount_total], ['open', 'unpaid', 2000])
      const page = await fetch(made.url)
      assert.equal(page.status, 200)
      assert.match(await page.text(), /A book/)
    })
    test('a shopper pays on the page and comes back to the shop [api]', async () => {
      const made = await session()
      const answer = await sent(made.url, typed('4242424242424242'))
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, `https://shop.example/done?id=${made.id}`])
      const paid = await stripe.checkout.sessions.retrieve(made.id, { expand: ['payment_intent'] })
      assert.deepEqual([paid.status, paid.payment_status, paid.payment_intent.status], ['complete', 'paid', 'succeeded'])
      assert.equal(paid.customer_details.email, 'a@shop.example')
      assert.ok(await delivered('checkout.session.completed', made.id))
    })
    test('a declined shopper stays on the page [testing]', async () => {
      const made = await session()
      assert.match(await (await sent(made.url, typed('4000000000009995'))).text(), /insufficient funds/)
      assert.equal((await stripe.checkout.sessions.retrieve(made.id)).status, 'open')
    })
    test('a challenge stands between the page and the shop [testing]', async () => {
      const made = await session()
      const challenge = (await sent(made.url, typed('4000002760003184'))).headers.get('location')
      const intent = (await stripe.checkout.sessions.retrieve(made.id)).payment_intent
      const back = await sent(challenge, { payment_intent: intent, result: 'pass' })
      assert.equal(back.headers.get('location'), `https://shop.example/done?id=${made.id}`)
    })
    test('the page of next_action ends in the shop, with how it ended [lifecycle]', async () => {
      const intent = await bought({ payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.example/back' })
      const { url } = intent.next_action.redirect_to_url
      const back = new URL((await sent(url, { payment_intent: intent.id, result: 'fail' })).headers.get('location'))
      assert.equal(back.searchParams.get('redirect_status'), 'failed')
      const after = await stripe.paymentIntents.retrieve(intent.id)
      assert.equal(after.last_payment_error.code, 'payment_intent_authentication_failure')
    })
    test('the lines of a session are listed [api]', async () => {
      const lines = await stripe.checkout.sessions.listLineItems((await session()).id)
      assert.deepEqual(lines.data.map((one) => [one.description, one.quantity, one.amount_total]), [['A book', 2, 2000]])
    })
    test('a session is expired once [api]', async () => {
      const made = await session()
      assert.equal((await stripe.checkout.sessions.expire(made.id)).status, 'expired')
      assert.equal((await refusal(stripe.checkout.sessions.expire(made.id))).statusCode, 400)
      assert.ok(await delivered('checkout.session.expired', made.id))
    })
    test('a card is saved by a session in mode setup [api]', async () => {
      const customer = await shopper()
      const made = await session({ mode: 'setup', currency: 'eur', line_items: undefined, customer })
      await sent(made.url, typed('4242424242424242'))
      const done = await stripe.checkout.sessions.retrieve(made.id, { expand: ['setup_intent'] })
      assert.deepEqual([done.payment_status, done.setup_intent.status], ['no_payment_required', 'succeeded'])
    })
    test('what a session needs and does not get is named [errors]', async () => {
      const error = await refusal(session({ success_url: undefined }))
      assert.deepEqual([error.code, error.param], ['parameter_missing', 'success_url'])
      const line = await refusal(session({ line_items: [{ quantity: 1 }] }))
      assert.equal(line.param, 'line_items[0][price_data]')
    })
    test('a hold is increased to a new total [api]', async () => {
      const options = { card: { request_incremental_authorization: 'if_available' } }
      const intent = await bought({ capture_method: 'manual', payment_method_options: options })
      const more = await stripe.paymentIntents.incrementAuthorization(intent.id, { amount: 2600 })
      assert.deepEqual([more.status, more.amount, more.amount_capturable], ['requires_capture', 2600, 2600])
    })
    test('intents are searched by metadata and status [api]', async () => {
      const mark = `mark${name.replace(/\W/g, '')}`
      const intent = await bought({ metadata: { mark } })
      const found = await stripe.paymentIntents.search({ query: `metadata['mark']:'${mark}' AND status:'succeeded'` })
      assert.deepEqual([found.object, found.data.map((one) => one.id)], ['search_result', [intent.id]])
    })
    test('a query that makes no sense is refused [errors]', async () => {
      assert.equal((await refusal(stripe.paymentIntents.search({ query: "colour:'red'" }))).param, 'query')
    })
    test('charges and customers are searched too [api]', async () => {
      const intent = await bought()
      const charges = await stripe.charges.search({ query: 'amount:2000', limit: 1 })
      assert.equal(charges.data[0].payment_intent, intent.id)
      const customer = await stripe.customers.create({ email: `search@${name.replace(/\W/g, '')}.example` })
      const found = await stripe.customers.search({ query: `email:'${customer.email}'` })
      assert.deepEqual(found.data.map((one) => one.id), [customer.id])
    })
    test('the balance has amounts of each currency [api]', async () => {
      await bought()
      const balance = await stripe.balance.retrieve()
      assert.ok(balance.pending.find((one) => one.currency === 'eur').amount >= 2000)
    })
    test('a refund that was made cannot be cancelled [errors]', async () => {
      const refund = await stripe.refunds.create({ payment_intent: (await bought()).id })
      assert.equal((await refusal(stripe.refunds.cancel(refund.id))).statusCode, 400)
    })
    test('an endpoint shows its secret once, is changed and deleted [api]', async () => {
      const made = await stripe.webhookEndpoints.create({ url: 'http://localhost:9/hook', enabled_events: ['charge.failed'] })
      assert.match(made.secret, /^whsec_/)
      assert.equal((await stripe.webhookEndpoints.retrieve(made.id)).secret, undefined)
      assert.equal((await stripe.webhookEndpoints.update(made.id, { disabled: true })).status, 'disabled')
      assert.equal((await stripe.webhookEndpoints.del(made.id)).deleted, true)
    })
    test('an endpoint needs events and an address [errors]', async () => {
      const error = await refusal(stripe.webhookEndpoints.create({ url: 'nowhere', enabled_events: ['*'] }))
      assert.equal(error.code, 'url_invalid')
    })
    test('a client of an old version sees the charges of an intent [api]', async () => {
      const old = new Sdk(key, { ...settings, apiVersion: '2020-08-27' })
      const intent = await bought()
      const shown = await old.paymentIntents.retrieve(intent.id)
      assert.deepEqual([shown.charges.total_count, shown.latest_charge], [1, undefined])
      assert.equal(shown.charges.data[0].id, intent.latest_charge)
    })
    test('a parameter that is not simulated is refused by its name [errors]', async () => {
      const error = await refusal(stripe.paymentIntents.create({ amount: 900, currency: 'eur', confirmation_token: 'ctoken_1' }))
      assert.equal(error.param, 'confirmation_token')
    })
    for (const [card, field] of [
      ['pm_card_avsZipFail', 'address_postal_code_check'],
      ['pm_card_avsLine1Fail', 'address_line1_check'],
      ['pm_card_cvcCheckFail', 'cvc_check'],
    ]) {
      test(`${card} fails its ${field} [testing]`, async () => {
        const intent = await bought({ payment_method: card })
        const charge = await stripe.charges.retrieve(intent.latest_charge)
        assert.equal(charge.payment_method_details.card.checks[field], 'fail')
      })
    }
    for (const [card, reason] of [
      ['pm_card_createDispute', 'fraudulent'],
      ['pm_card_createDisputeProductNotReceived', 'product_not_received'],
    ]) {
      test(`what is paid with ${card} is disputed [testing]`, async () => {
        const intent = await bought({ payment_method: card })
        const { data: [dispute] } = await stripe.disputes.list({ payment_intent: intent.id })
        assert.deepEqual([dispute.status, dispute.reason, dispute.amount], ['needs_response', reason, intent.amount])
        assert.equal((await refusal(stripe.refunds.create({ payment_intent: intent.id }))).code, 'charge_disputed')
      })
    }
    test('an inquiry leaves the charge refundable, is answered and closes [testing]', async () => {
      const intent = await bought({ payment_method: 'pm_card_createDisputeInquiry' })
      const { data: [inquiry] } = await stripe.disputes.list({ payment_intent: intent.id })
      assert.deepEqual([inquiry.status, inquiry.is_charge_refundable], ['warning_needs_response', true])
      assert.equal((await stripe.disputes.update(inquiry.id, { evidence: { customer_name: 'Ada' } })).status, 'warning_under_review')
      assert.equal((await stripe.disputes.close(inquiry.id)).status, 'warning_closed')
    })
    for (const [word, status] of [['winning_evidence', 'won'], ['losing_evidence', 'lost']]) {
      test(`${word} decides a dispute [testing]`, async () => {
        const intent = await bought({ payment_method: 'pm_card_createDispute' })
        const { data: [dispute] } = await stripe.disputes.list({ payment_intent: intent.id })
        assert.equal((await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: word } })).status, status)
      })
    }
    test('a card for early fraud warnings is refused by name [testing]', async () => {
      assert.match((await refusal(bought({ payment_method: 'pm_card_createIssuerFraudRecord' }))).message, /early fraud warnings/)
    })
    test('with manual confirmation the shop confirms after the challenge [lifecycle]', async () => {
      const intent = await bought({ payment_method: 'pm_card_authenticationRequired', confirmation_method: 'manual', return_url: 'https://shop.example/back' })
      await sent(intent.next_action.redirect_to_url.url, { payment_intent: intent.id, result: 'pass' })
      assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_confirmation')
      assert.equal((await stripe.paymentIntents.confirm(intent.id)).status, 'succeeded')
    })
    test('an event is pending until its endpoint has taken it [webhooks]', async () => {
      const intent = await bought()
      const { body } = await delivered('payment_intent.succeeded', intent.id)
      const event = JSON.parse(body)
      assert.equal(event.pending_webhooks, 1)
      // The simulator hears of its own delivery a moment after the inbox has answered.
      for (let left = 200; left && (await stripe.events.retrieve(event.id)).pending_webhooks; left -= 1);
      assert.equal((await stripe.events.retrieve(event.id)).pending_webhooks, 0)
      const taken = await stripe.events.list({ type: event.type, delivery_success: true, limit: 100 })
      assert.ok(taken.data.some((one) => one.id === event.id))
    })
    test('a visa card is captured beyond its hold where that was asked for [lifecycle]', async () => {
      const options = { card: { request_overcapture: 'if_available' } }
      const intent = await bought({ capture_method: 'manual', payment_method_options: options })
      const done = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2300, expand: ['latest_charge'] })
      assert.deepEqual([done.amount, done.amount_received, done.latest_charge.amount_captured], [2000, 2300, 2300])
    })
    test('a hold that was not asked to be captured in parts is not [api]', async () => {
      const intent = await held()
      const told = await refusal(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1, final_capture: false }))
      assert.equal(told.param, 'final_capture')
    })
    test('nothing is done for an account that is not connected [errors]', async () => {
      const told = await refusal(stripe.customers.list({}, { stripeAccount: 'acct_1elsewhere' }))
      assert.deepEqual([told.statusCode, told.code, told.type], [403, 'account_invalid', 'StripePermissionError'])
    })
    test('a euro account is debited by its test number [testing]', async () => {
      const data = { type: 'sepa_debit', sepa_debit: { iban: 'DE89370400440532013000' }, billing_details: { name: 'Ada', email: 'ada@shop.example' } }
      const intent = await bought({ payment_method: undefined, payment_method_types: ['sepa_debit'], payment_method_data: data })
      assert.equal(intent.status, 'processing')
    })
    if (isNewest) {
      test('raw requests get the headers of the API [sdk]', async () => {
        const answer = await fetch(new URL('/v1/customers', base), { headers: { authorization: `Bearer ${key}` } })
        assert.equal(answer.status, 200)
        assert.match(answer.headers.get('request-id'), /^req_/)
        assert.match(answer.headers.get('content-type'), /^application\/json/)
      })
    }
  })
}
