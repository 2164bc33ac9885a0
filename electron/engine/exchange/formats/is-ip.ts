import ipaddr from 'ipaddr.js'

/** 4 or 6 for an address in its usual spelling, 0 for anything else (a service name, `AWS Internal`). */
export function isIP(text: string): 0 | 4 | 6 {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return 4
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? 6 : 0
}
