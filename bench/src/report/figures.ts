export interface Figure {
  name: string;
  value: number;
  unit: string;
}

export interface Scenario extends Figure {
  limit?: Figure;
  /** value / limit.value */
  ratio?: number;
}

/** What `--json FILE` writes. */
export interface Report {
  machine: { cpu: string; cores: number; memoryGiB: number; platform: string; node: string };
  scenarios: Scenario[];
}
