import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { findChromium } from './find-chromium.mjs'

const journeys = 'test/journeys/**/*.test.ts'

export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..'),
    // Journeys, and tests that start a process or a worker, use what `npm run build` makes.
    globalSetup: join(import.meta.dirname, 'vitest-setup.mjs'),
    env: { TRAILCASE_CHROMIUM: findChromium() ?? '' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [journeys],
          // Many tests wait for processes and disks: one file per core, rather than one less.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: [journeys],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // One browser at a time, after the unit tests: two cores are soon busy.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
