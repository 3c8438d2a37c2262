// Readiness: may this replica be sent requests? (Liveness is that it answers at all.)

export interface HealthReport {
  isReady: boolean;
  /** What each needed or useful server looks like from here; only needed ones decide. */
  checks: Record<string, { isUp: boolean; isNeeded: boolean }>;
}

export class Health {
  private isServing = false;
  private readonly checks = new Map<string, { isUp: () => boolean; isNeeded: boolean }>();

  /**
   * @param isNeeded false for servers we can do without for a while: with the broker away people go on ordering,
   *   so a replica without it must stay in the ingress
   */
  watch(name: string, isUp: () => boolean, { isNeeded }: { isNeeded: boolean }): void {
    this.checks.set(name, { isUp, isNeeded });
  }

  /** Between start and the first step of stopping. */
  setServing(isServing: boolean): void {
    this.isServing = isServing;
  }

  report(): HealthReport {
    const checks = Object.fromEntries(
      [...this.checks].map(([name, { isUp, isNeeded }]) => [name, { isUp: isUp(), isNeeded }]),
    );
    const isReady = this.isServing && Object.values(checks).every((check) => check.isUp || !check.isNeeded);
    return { isReady, checks };
  }
}
