"""The route to Checkout.com: what is asked for is accepted first, and a look tells what came of it."""
