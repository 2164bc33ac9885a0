import { describe, expect, it } from 'vitest'
import { proofAddress, readProofAddress } from '#renderer/client/proof-address.ts'

describe('the address of a proof card', () => {
  it('reads back what it writes', () => {
    for (const of of [{ event: 12 }, { entry: 5 }]) expect(readProofAddress(proofAddress(of))).toEqual(of)
  })
  it('opens no card for anything else', () => {
    for (const about of [null, 'integrity', 'integrity:event:0', 'integrity:event:1e3', 'integrity:key:1', 'files'])
      expect(readProofAddress(about)).toBeNull()
  })
})
