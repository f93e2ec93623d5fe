// What a site sets: import mixin.libsonnet and add { _config+:: { ... } }.
{
  _config+:: {
    // Which series are of promster's nodes; `job` is as in the scrape configuration.
    selector: 'job="promster"',

    // Labels that tell one cluster of services from another; a site with several registries, or a
    // label such as `cluster` at its targets, adds it here.
    groupLabels: ['job'],
    // The label that tells nodes of a group apart.
    instanceLabel: 'instance',
    // The label of promster_info that names the service; 'exported_service' where the targets of
    // the monitoring Prometheus have a label `service` of their own.
    serviceLabel: 'service',

    // The label of promster_etcd_* and promster_registry_age_seconds that says which etcd;
    // 'exported_cluster' where the targets have a label `cluster` of their own.
    etcdLabel: 'cluster',

    // Where docs/runbooks is served from.
    runbookBase: 'docs/runbooks/',

    // As --shard.slack of the nodes.
    shardSlack: 0.1,
    // How long sums and checksums are looked at before they are called wrong: three scrape
    // intervals of the monitoring Prometheus at least.
    invariantWindow: '5m',

    // For the titles and tags of dashboards.
    dashboardTags: ['promster'],
    dashboardRefresh: '30s',
  },
}
