// Supabase's sync engine as its README starts it: a Postgres, its migrations, and a web server before it.
// Environment: STRIPE_URL and STRIPE_API_KEY. It prints its address when it is ready.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import Stripe from 'stripe'

// Its build for import cannot find its migrations (__dirname is not defined there); the one for require can.
const { StripeSync, runMigrations } = createRequire(import.meta.url)('@supabase/stripe-sync-engine')

const TABLES = {
  customers: 'id, email',
  payment_intents: 'id, amount, amount_received, status, customer',
  charges: 'id, amount, amount_refunded, status, captured, refunded, payment_intent',
  refunds: 'id, amount, status, charge',
}

const { hostname, port, protocol } = new URL(process.env.STRIPE_URL)
const stripe = new Stripe(process.env.STRIPE_API_KEY, { host: hostname, port, protocol: protocol.slice(0, -1) })

async function engineWith(stripeWebhookSecret) {
  const database = await PGlite.create()
  const sockets = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: 4 })
  await sockets.start()
  const place = sockets.getServerConn()
  const databaseUrl = `postgres://postgres:postgres@${place}/postgres?sslmode=disable`
  await runMigrations({ databaseUrl, schema: 'stripe', logger: { info() {}, error: console.error } })
  const engine = new StripeSync({
    poolConfig: { connectionString: databaseUrl, max: 1 },
    schema: 'stripe',
    stripeSecretKey: process.env.STRIPE_API_KEY,
    stripeWebhookSecret,
    backfillRelatedEntities: true,
    autoExpandLists: true,
    revalidateObjectsViaStripeApi: ['customer', 'payment_intent', 'charge', 'refund'],
  })
  // Its settings have no host; the client that it uses is a public property, and takes the SDK's own option.
  engine.stripe = stripe
  const rows = async () => {
    const found = {}
    for (const [table, columns] of Object.entries(TABLES)) {
      found[table] = (await database.query(`select ${columns} from stripe.${table} order by id`)).rows
    }
    return found
  }
  const backfill = async () => {
    await database.query(`truncate ${Object.keys(TABLES).map((one) => `stripe.${one}`).join(', ')} cascade`)
    await engine.syncBackfill({ object: 'all' })
  }
  return { engine, rows, backfill }
}

const body = async (request) => {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

let running
const server = createServer(async (request, response) => {
  try {
    if (request.url === '/webhook') {
      await running.engine.processWebhook(await body(request), request.headers['stripe-signature'])
      response.end('{}')
    } else if (request.url === '/rows') {
      response.end(JSON.stringify(await running.rows()))
    } else if (request.url === '/backfill') {
      await running.backfill()
      response.end(JSON.stringify(await running.rows()))
    }
  } catch (error) {
    console.error(error)
    response.statusCode = 500
    response.end(String(error))
  }
  console.log(`${request.url} ${response.statusCode}`)
})
server.listen(0, '127.0.0.1', async () => {
  const own = `http://127.0.0.1:${server.address().port}`
  const made = await stripe.webhookEndpoints.create({ url: `${own}/webhook`, enabled_events: ['*'] })
  running = await engineWith(made.secret)
  console.log(`ready at ${own}`)
})
