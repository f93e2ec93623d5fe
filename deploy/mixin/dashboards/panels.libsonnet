// Panels, variables and dashboards in Grafana's JSON model (schema 36, Grafana 9 and later).
{
  local panels = self,
  local datasource = { type: 'prometheus', uid: '${datasource}' },
  local target(query) = {
    datasource: datasource,
    expr: query.expr,
    legendFormat: query.legend,
    refId: query.ref,
    instant: query.instant,
    range: !query.instant,
    format: query.format,
  },
  local letters = 'ABCDEFGH',
  // [[expr, legend], ...] as targets.
  local targets(queries, instant=false, format='time_series') = std.mapWithIndex(
    function(i, query) target({
      expr: query[0],
      legend: query[1],
      ref: letters[i],
      instant: instant,
      format: format,
    }), queries
  ),
  local panel(type, title, description, queries, options) = {
    type: type,
    title: title,
    description: description,
    datasource: datasource,
    targets: queries,
    fieldConfig: { defaults: options.defaults, overrides: [] },
    options: options.options,
  },
  local steps(list) = {
    mode: 'absolute',
    steps: [{ color: step[1], value: step[0] } for step in list],
  },

  // Thresholds: the first colour holds from the start.
  noThresholds:: steps([[null, 'text']]),
  goodFrom(value):: steps([[null, 'red'], [value, 'green']]),
  badFrom(value, color='red'):: steps([[null, 'green'], [value, color]]),

  // One number; `words` names values: { '0': ['no', 'red'] }.
  stat(title, description, expr, unit='short', thresholds=panels.noThresholds, words={}, legend='')::
    panel('stat', title, description, targets([[expr, legend]], instant=true), {
      defaults: {
        unit: unit,
        thresholds: thresholds,
        color: { mode: 'thresholds' },
        mappings: if words == {} then [] else [{
          type: 'value',
          options: { [value]: { text: words[value][0], color: words[value][1] } for value in std.objectFields(words) },
        }],
      },
      options: {
        colorMode: 'value',
        graphMode: 'none',
        justifyMode: 'auto',
        textMode: if legend == '' then 'value' else 'name',
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      },
    }),

  // Lines over time.
  lines(title, description, queries, unit='short', thresholds=panels.noThresholds, stack=false, min=0)::
    panel('timeseries', title, description, targets(queries), {
      defaults: {
        unit: unit,
        [if min != null then 'min']: min,
        thresholds: thresholds,
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          lineWidth: 1,
          fillOpacity: if stack then 40 else 10,
          showPoints: 'never',
          spanNulls: false,
          stacking: { mode: if stack then 'normal' else 'none', group: 'A' },
          thresholdsStyle: { mode: if thresholds == panels.noThresholds then 'off' else 'line' },
        },
      },
      options: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
    }),

  // The labels of the newest samples.
  table(title, description, expr, hidden)::
    panel('table', title, description, targets([[expr, '']], instant=true, format='table'), {
      defaults: { unit: 'none', thresholds: panels.noThresholds, custom: { align: 'left' } },
      options: { showHeader: true },
    }) + {
      transformations: [{
        id: 'organize',
        options: { excludeByName: { [label]: true for label in ['Time', 'Value', '__name__'] + hidden } },
      }],
    },

  row(title, items):: { title: title, items: items },

  // Rows from top to bottom; the items of a row share its width of 24.
  local laid(rows) =
    local place(row, y, id) =
      local width = std.floor(24 / std.length(row.items));
      local height = if row.items[0].type == 'stat' then 4 else 8;
      [{
        type: 'row',
        title: row.title,
        collapsed: false,
        id: id,
        panels: [],
        gridPos: { x: 0, y: y, w: 24, h: 1 },
      }] + std.mapWithIndex(function(i, item) item {
        id: id + 1 + i,
        gridPos: { x: i * width, y: y + 1, w: width, h: height },
      }, row.items);
    std.foldl(
      function(all, row) {
        local added = place(row, all.y, std.length(all.panels) + 1),
        panels: all.panels + added,
        y: all.y + 1 + added[1].gridPos.h,
      }, rows, { panels: [], y: 0 }
    ).panels,

  datasourceVariable:: {
    name: 'datasource',
    label: 'Data source',
    type: 'datasource',
    query: 'prometheus',
    hide: 0,
    refresh: 1,
    regex: '',
    current: {},
    options: [],
    includeAll: false,
    multi: false,
  },
  // The values of a label of a series.
  variable(name, label, series, by, all=false):: {
    name: name,
    label: label,
    type: 'query',
    datasource: datasource,
    definition: self.query.query,
    query: { query: 'label_values(%s, %s)' % [series, by], refId: name },
    hide: 0,
    refresh: 2,
    regex: '',
    sort: 1,
    current: {},
    options: [],
    includeAll: all,
    [if all then 'allValue']: '.+',
    multi: all,
  },

  dashboard(config, uid, title, description, variables, rows):: {
    uid: uid,
    title: title,
    description: description,
    tags: config.dashboardTags,
    schemaVersion: 36,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: config.dashboardRefresh,
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    timepicker: {},
    fiscalYearStartMonth: 0,
    annotations: { list: [] },
    links: [{
      type: 'dashboards',
      title: 'promster',
      tags: config.dashboardTags,
      asDropdown: false,
      includeVars: true,
      keepTime: true,
      targetBlank: false,
      icon: 'external link',
      tooltip: '',
      url: '',
    }],
    templating: { list: [panels.datasourceVariable] + variables },
    panels: laid(rows),
  },
}
