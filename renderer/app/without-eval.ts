import { z } from 'zod'

// The policy of the window forbids making code from text. Zod would try, and the browser would report it; this tells it not
// to. Must be imported before anything that declares a schema.
z.config({ jitless: true })
