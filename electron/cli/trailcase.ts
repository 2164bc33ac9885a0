import { main } from './main.ts'

// Each running SQL statement occupies one thread of libuv's pool; with its usual four, four slow statements would hold up
// every file that is read. Read when the pool is first used, so before anything else happens.
process.env['UV_THREADPOOL_SIZE'] ??= '16'

void main(process.argv.slice(2))
