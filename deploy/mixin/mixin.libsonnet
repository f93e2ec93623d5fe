// The mixin: prometheusAlerts, prometheusRules and grafanaDashboards (monitoring.mixins.dev).
(import 'config.libsonnet')
+ (import 'alerts/invariants.libsonnet')
+ (import 'alerts/cluster.libsonnet')
+ (import 'alerts/node.libsonnet')
+ (import 'rules/service.libsonnet')
+ (import 'dashboards/overview.libsonnet')
+ (import 'dashboards/node.libsonnet')
