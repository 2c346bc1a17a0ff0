// A small shop that has api.stripe.com written down, as stripe-node has: it pays, refunds, and hears of it by webhook.
import { createServer } from "node:http";
import { createRequire } from "node:module";

// As ES module, or, where it is asked for, as CommonJS: programs use both.
const Stripe = process.argv.includes("cjs")
  ? createRequire(import.meta.url)("stripe")
  : (await import("stripe")).default;
const stripe = new Stripe(process.env.STRIPE_API_KEY, { maxNetworkRetries: 0 });
const orders = new Map();
const seen = new Set();

async function pay(reference, { amount, currency, payment_method }) {
  const order = { status: "PENDING", paid: 0, refunded: 0, shipped: 0, currency };
  orders.set(reference, order);
  const intent = await stripe.paymentIntents.create(
    {
      amount,
      currency: currency.toLowerCase(),
      payment_method,
      confirm: true,
      metadata: { order: reference },
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    },
    { idempotencyKey: `${reference}-pay` },
  );
  order.intent = intent.id;
  return order;
}

async function refund(reference, asked) {
  const order = orders.get(reference);
  await stripe.refunds.create(
    { payment_intent: order.intent, amount: asked.amount },
    { idempotencyKey: `${reference}-${asked.reference}` },
  );
  return order;
}

function hear(body, signature) {
  const event = stripe.webhooks.constructEvent(body, signature, process.env.STRIPE_WEBHOOK_SECRET);
  const about = event.data.object;
  const order =
    orders.get(about.metadata?.order) ?? [...orders.values()].find((one) => one.intent === about.payment_intent);
  if (!order || seen.has(event.id)) return {};
  seen.add(event.id);
  if (event.type === "payment_intent.succeeded") {
    order.paid = about.amount_received;
    order.status = "PAID";
    order.shipped += 1;
  }
  if (event.type === "charge.refunded") {
    order.refunded = about.amount_refunded;
    order.status = about.amount_refunded === about.amount ? "REFUNDED" : "PARTIALLY_REFUNDED";
  }
  return {};
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const [, first, reference, what] = request.url.split("/");
  let [status, told] = [200, { status: "UNPAID", paid: 0, refunded: 0 }];
  try {
    if (first === "webhooks") told = hear(body, request.headers["stripe-signature"]);
    else if (what === "pay") told = await pay(reference, JSON.parse(body));
    else if (what === "refunds") told = await refund(reference, JSON.parse(body));
    else told = orders.get(reference) ?? told;
  } catch (error) {
    [status, told] = [500, { error: String(error) }];
  }
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(told));
}).listen(Number(process.env.PORT), "127.0.0.1");
