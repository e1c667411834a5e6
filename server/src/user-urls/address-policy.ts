import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Where the internet's own IPv6 addresses are (RFC 4291, IANA); all else is for special uses. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Which addresses a URL given by a user may lead to: those of the public internet, and what the
 * operator allowed. Without it a URL would be a way to look into the operator's own network.
 */
export class AddressPolicy {
  private readonly ranges: Range[] = [];
  private readonly hosts = new Set<string>();

  /** @param allowed addresses, CIDR ranges and host names; see `isAllowedTarget` */
  constructor(allowed: readonly string[] = []) {
    for (const entry of allowed) {
      if (ipaddr.isValidCIDR(entry)) this.ranges.push(ipaddr.parseCIDR(entry));
      else if (ipaddr.isValid(entry)) this.ranges.push(rangeOf(entry));
      else this.hosts.add(hostKey(entry));
    }
  }

  /** Whether a connection to this address may be made for a URL with this host. */
  permits(address: string, host: string): boolean {
    if (this.hosts.has(hostKey(host))) return true;
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    const isListed = this.ranges.some(
      (range) => range[0].kind() === ip.kind() && ip.match(range as never),
    );
    return isListed || isPublic(ip);
  }
}

/** Whether an entry of the operator's list is an address, a range or a host name. */
export function isAllowedTarget(entry: string): boolean {
  return (
    ipaddr.isValidCIDR(entry) ||
    ipaddr.isValid(entry) ||
    /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(
      entry,
    )
  );
}

function isPublic(ip: ReturnType<typeof ipaddr.process>): boolean {
  if (ip.range() !== 'unicast') return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6 as never);
}

function rangeOf(address: string): Range {
  const ip = ipaddr.process(address);
  return [ip, ip.kind() === 'ipv4' ? 32 : 128];
}

function hostKey(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
