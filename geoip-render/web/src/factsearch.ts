// Finding countries, places, systems and addresses in a report.

import { fullName } from "./factplaces.ts";
import type { Facts } from "./facts.ts";
import type { Sums } from "./filter.ts";
import { plain } from "./grid.ts";
import { networkOf } from "./network.ts";
import { whole } from "./numbers.ts";
import { type Hit, SHOWN } from "./search.ts";

export interface FactGoals {
  country(code: string): void;
  place(place: number): void;
  system(system: number): void;
  address(row: number): void;
}

/** Finds what a query may mean, most hits first within each kind. */
export function searchFacts(
  facts: Facts,
  names: (code: string) => string,
  sums: () => Sums,
  goals: FactGoals,
): (query: string) => Hit[] {
  let places: string[] | null = null;
  let systems: string[] | null = null;
  return (query) => {
    const wanted = plain(query);
    const network = networkOf(query);
    const now = sums();
    const hits: Hit[] = [];
    const put = (title: string, note: string, count: number, go: () => void) =>
      hits.push({ title, note, count: `${whole(count)} ${count === 1 ? "hit" : "hits"}`, go });

    // What looks like an address is one.
    if (/^[0-9a-f]*[.:][0-9a-f.:/]*$/i.test(query.trim())) {
      const found: number[] = [];
      for (let row = 0; row < facts.listed; row++) {
        const address = facts.address(row);
        if (network ? network.isIn(address) : address.startsWith(wanted)) found.push(row);
      }
      found.sort((a, b) => facts.hits[b] - facts.hits[a]);
      for (const row of found.slice(0, SHOWN)) {
        const place = facts.place[row];
        const where = place < 0 ? "place not known" : fullName(facts, place, names);
        put(facts.address(row), where, facts.hits[row], () => goals.address(row));
      }
      return hits;
    }
    facts.codes.forEach((code, i) => {
      const name = names(code);
      const isIt = plain(name).startsWith(wanted) || code.toLowerCase() === wanted;
      if (isIt && now.countries.hits[i] > 0) {
        put(name, "country", now.countries.hits[i], () => goals.country(code));
      }
    });
    systems ??= Array.from({ length: facts.systemCount }, (_, system) =>
      plain(`${facts.systemNumber(system)} ${facts.systemName(system)}`),
    );
    const ofSystems = now.systems.hits;
    const fitting: number[] = [];
    systems.forEach((words, system) => {
      if (words.includes(wanted) && ofSystems[system] > 0) fitting.push(system);
    });
    fitting.sort((a, b) => ofSystems[b] - ofSystems[a]);
    for (const system of fitting.slice(0, SHOWN / 2)) {
      const title = `${facts.systemNumber(system)} ${facts.systemName(system)}`;
      put(title, "network operator", ofSystems[system], () => goals.system(system));
    }
    places ??= Array.from({ length: facts.places }, (_, place) => plain(fullName(facts, place, names)));
    const begins: number[] = [];
    const others: number[] = [];
    const ofPlaces = now.places.hits;
    places.forEach((words, place) => {
      if (ofPlaces[place] === 0) return;
      if (words.startsWith(wanted)) begins.push(place);
      else if (words.includes(wanted)) others.push(place);
    });
    for (const list of [begins, others]) list.sort((a, b) => ofPlaces[b] - ofPlaces[a]);
    for (const place of [...begins, ...others].slice(0, SHOWN)) {
      put(fullName(facts, place, names), "place", ofPlaces[place], () => goals.place(place));
    }
    return hits.slice(0, SHOWN);
  };
}
