import type { Fault, FaultKind, FaultRequest } from '../protocol/fault-kinds.js';

interface Posted {
  fault: Fault;
  until: number;
  left: number;
}

/** The faults in force. Whoever is about to do a thing asks here whether it shall go wrong. */
export class FaultBoard {
  private posted: Posted[] = [];
  private nextId = 1;

  add(request: FaultRequest): Fault {
    const fault: Fault = { ...request, id: this.nextId++, struck: 0 };
    const until = request.forMs === undefined ? Infinity : Date.now() + request.forMs;
    const left = request.times ?? (request.forMs === undefined ? 1 : Infinity);
    this.posted.push({ fault, until, left });
    return fault;
  }

  list(): Fault[] {
    this.dropExpired();
    return this.posted.map(({ fault }) => ({ ...fault }));
  }

  remove(id: number): boolean {
    const before = this.posted.length;
    this.posted = this.posted.filter(({ fault }) => fault.id !== id);
    return this.posted.length < before;
  }

  clear(): void {
    this.posted = [];
  }

  /**
   * Whether a fault of this kind hits the device now; if so, that is one of its strikes.
   * @param device queue key `phone:index`, or undefined when it is not known who it is
   */
  strikes(kind: FaultKind, device: string | undefined): Fault | undefined {
    if (this.posted.length === 0) return undefined;
    this.dropExpired();
    const posted = this.posted.find(({ fault }) => fault.kind === kind && aims(fault, device));
    if (!posted) return undefined;
    posted.fault.struck++;
    posted.left--;
    if (posted.left <= 0) this.remove(posted.fault.id);
    return posted.fault;
  }

  private dropExpired(): void {
    const now = Date.now();
    this.posted = this.posted.filter(({ until }) => now < until);
  }
}

/** Simulated phones (device 0) are spared unless they are named. */
export function aims(fault: FaultRequest, device: string | undefined): boolean {
  if (device === undefined) return fault.phone === undefined && fault.device === undefined;
  const [phone, index] = device.split(':');
  if (fault.phone !== undefined && fault.phone !== phone) return false;
  return fault.device === undefined ? index !== '0' : Number(index) === fault.device;
}
