// One alert; `text` may use the labels and the value of the series.
function(config, name, expr, duration, severity, summary, text) {
  alert: name,
  expr: expr,
  [if duration != '' then 'for']: duration,
  labels: { severity: severity },
  annotations: {
    summary: summary,
    description: text,
    runbook_url: config.runbookBase + name + '.md',
  },
}
