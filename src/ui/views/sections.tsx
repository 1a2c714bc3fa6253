/** The parts of the page, of which one is shown. */
const sections = {
  status: 'Status',
  start: 'New copy',
  webhooks: 'Webhooks',
  'self-test': 'Self-test',
  log: 'Log',
} as const;

export type Section = keyof typeof sections;

interface SectionNavProps {
  readonly current: Section;
  readonly onChoose: (section: Section) => void;
}

/** Leads to the parts of the page. */
export function SectionNav({ current, onChoose }: SectionNavProps) {
  return (
    <nav className="sections" aria-label="Parts of the page">
      {(Object.keys(sections) as Section[]).map((section) => (
        <button
          key={section}
          type="button"
          aria-current={section === current ? 'page' : undefined}
          onClick={() => onChoose(section)}
        >
          {sections[section]}
        </button>
      ))}
    </nav>
  );
}
