"""What providers promise in their OpenAPI documents, and the traffic of a run held against it."""
