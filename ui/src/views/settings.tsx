// What is set?
import type { ComponentChildren } from "preact";
import { ask, type Files, type Settings } from "../api";
import { useAnswer } from "../answers";
import { Objection, Panel, Table } from "../parts";
import { At } from "../time";
import { counted } from "../words";
import type { View } from "./view";

const asked = { settings: ask("settings"), files: ask("files") };

function SettingsTable({ settings }: Settings) {
  if (settings.length === 0) {
    return <p class="empty">The settings are not told to this page; try: promster config</p>;
  }
  return (
    <Table caption="Settings in effect; secrets are masked" columns={["Setting", "Value", "Source"]}>
      {settings.map(({ name, value, source }) => (
        <tr key={name}>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td>{value !== "" && <code>{value}</code>}</td>
          <td>{source === "default" ? source : <b>{source}</b>}</td>
        </tr>
      ))}
    </Table>
  );
}

// What `children` hold goes between its name and its expressions.
function RuleRow({ rule, children }: { rule: Files["rules"][number]; children?: ComponentChildren }) {
  const { name, expr, written_expr, guarded } = rule;
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
      </th>
      {children}
      <td>
        <code>{expr}</code>
      </td>
      <td>{expr === written_expr ? "as it was set" : <code>{written_expr}</code>}</td>
      <td>{guarded ? "yes" : "no"}</td>
    </tr>
  );
}

function Rules({ rules }: { rules: Files["rules"] }) {
  if (rules.length === 0) {
    return <p class="empty">No recording rules; try: RECORD_RULE_1_NAME and RECORD_RULE_1_EXPR</p>;
  }
  return (
    <Table
      caption="Recording rules as they were set, and as they are in rules.yml: the guard leaves out what another node counts"
      columns={["Rule", "As set", "In rules.yml", "Guarded"]}
    >
      {rules.map((rule, i) => (
        <RuleRow key={i} rule={rule} />
      ))}
    </Table>
  );
}

function Alerts({ alerts }: { alerts: Files["alerts"] }) {
  if (alerts.length === 0) {
    return <p class="empty">No alerts; try: ALERT_RULE_1_NAME and ALERT_RULE_1_EXPR</p>;
  }
  return (
    <Table
      caption="Alerts as they were set, and as they are in rules.yml: the guard leaves out what another node owns"
      columns={["Alert", "Fires after", "As set", "In rules.yml", "Guarded"]}
    >
      {alerts.map((alert, i) => (
        <RuleRow key={i} rule={alert}>
          <td>{alert.for === "" ? "at once" : alert.for}</td>
        </RuleRow>
      ))}
    </Table>
  );
}

function File({ file }: { file: Files["files"][number] }) {
  const { name, bytes, written, content, cut } = file;
  if (bytes === 0 && written === null) {
    return (
      <li>
        {name}
        <span class="note"> not written yet</span>
      </li>
    );
  }
  return (
    <li>
      <details>
        <summary>
          <code>{name}</code>
          <span class="note">
            {` ${counted(bytes, "byte")}, written `}
            {written === null ? "by a former run" : <At time={written} />}
            {written !== null && " UTC"}
            {cut && "; its beginning"}
          </span>
        </summary>
        <pre tabindex={0} aria-label={name}>
          {content}
        </pre>
      </details>
    </li>
  );
}

function SettingsView() {
  const settings = useAnswer(asked.settings);
  const files = useAnswer(asked.files);
  const error = settings.error ?? files.error;
  return (
    <>
      <h1>What is set?</h1>
      {error && <Objection error={error} />}
      <Panel title="Settings" id="settings">
        {settings.data && <SettingsTable {...settings.data} />}
      </Panel>
      <Panel title="Recording rules" id="rules">
        {files.data && <Rules rules={files.data.rules} />}
      </Panel>
      <Panel title="Alerts" id="alerts">
        {files.data && <Alerts alerts={files.data.alerts} />}
      </Panel>
      <Panel title="Files" id="files">
        {files.data?.files.length === 0 && <p class="empty">No file is written yet.</p>}
        <ol class="log">{files.data?.files.map((file) => <File key={file.name} file={file} />)}</ol>
      </Panel>
    </>
  );
}

export const settings: View = {
  title: "Settings",
  questions: () => [asked.settings, asked.files],
  Component: SettingsView,
};
